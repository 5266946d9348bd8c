/**
 * Every error code a person can meet, with the exit code family it belongs to. The README's "When it fails"
 * and the exit status of every command are read from here.
 */

/** Who has to act: the person at the keyboard, the machine it ran on, or the stack under test. */
export type ErrorFamily = 'usage' | 'environment' | 'stack'

/** What the README says of a code. The remedy is for every case of it; the message itself knows the case at hand. */
interface ErrorDescription {
  readonly family: ErrorFamily
  readonly meaning: string
  readonly remedy: string
}

/** Exit statuses of every command; a family of errors never shares one with another. */
export const exitStatus = {
  proven: 0,
  stack: 1,
  usage: 2,
  environment: 3,
  interrupted: 130,
} as const

export const errorCodes = {
  USAGE_UNKNOWN_NAME: {
    family: 'usage',
    meaning: 'A name on the command line is not one this program knows.',
    remedy: 'Take one of the names in the message; `--help` and `toolchain list` show them.',
  },
  USAGE_BAD_VALUE: {
    family: 'usage',
    meaning: 'An option has a value that it cannot take.',
    remedy: 'Write the value as the message shows it, in quotes where the shell would change it.',
  },
  USAGE_NO_CLAIM_MATCHES: {
    family: 'usage',
    meaning: 'A filter selects no claim, so nothing would be proven.',
    remedy: 'Look at the ids in harness/claims/table.ts; the filter is a regular expression.',
  },
  USAGE_NO_CASE_MATCHES: {
    family: 'usage',
    meaning: 'A selection of rule tests has no case, so nothing would be tested.',
    remedy: 'Take a name of the message, or none to test every rule.',
  },
  LOAD_NOT_COMPARABLE: {
    family: 'usage',
    meaning: 'A kept run says nothing about load, so it cannot be compared.',
    remedy: 'Name a run of `signalproof load` that ended proven or broken.',
  },
  CONFIG_UNREADABLE: {
    family: 'usage',
    meaning: 'A configuration file is missing or is not valid YAML, JSON or TypeScript.',
    remedy: 'Mend the file at the line in the message.',
  },
  CONFIG_INVALID: {
    family: 'usage',
    meaning: 'A configuration file says something the program cannot follow; the path inside it is given.',
    remedy: 'Change what stands at the path in the message to what it expects.',
  },
  SET_PATH_UNKNOWN: {
    family: 'usage',
    meaning: '--set names a component or a path that the rendered configuration does not have.',
    remedy: 'Take a component of the message; the folder of a run holds what was rendered, path by path.',
  },
  TOOL_UNPINNED: {
    family: 'environment',
    meaning: 'A download is refused because no checksum is pinned for it.',
    remedy: '`signalproof toolchain pin COMPONENT` fetches the checksum and says where it is from.',
  },
  TOOL_CHECKSUM: {
    family: 'environment',
    meaning: 'A download does not have the pinned checksum; it was thrown away.',
    remedy: 'Try again; when it stays, something between you and the publisher changes downloads.',
  },
  TOOL_UNREACHABLE: {
    family: 'environment',
    meaning: 'A publisher does not answer, or does not have the file.',
    remedy: 'Check the network and the proxy, or let the component be built: Go is enough for that.',
  },
  TOOL_DOWNLOAD: {
    family: 'environment',
    meaning: 'A download failed before it was complete.',
    remedy: 'Try again; nothing half done was kept.',
  },
  TOOL_WRONG_VERSION: {
    family: 'environment',
    meaning: 'A binary answers with another version than the pinned one.',
    remedy: 'Install the pinned version, or take the program off PATH.',
  },
  TOOL_DOES_NOT_RUN: {
    family: 'environment',
    meaning: 'A binary does not start on this machine.',
    remedy: 'Check that the file is made for this machine and may be executed.',
  },
  TOOL_BUILD_FAILED: {
    family: 'environment',
    meaning: 'Building a component from its published module failed.',
    remedy: 'Read the last lines of the build in the message; the cache of a build can be removed safely.',
  },
  TOOL_NO_GO: {
    family: 'environment',
    meaning: 'Building needs Go, which is missing or too old.',
    remedy: 'Install Go (https://go.dev/dl) in the version of the message.',
  },
  TOOL_NO_PYTHON: {
    family: 'environment',
    meaning: 'A step needs Python 3 with pip or venv, which is missing.',
    remedy: 'Install python3 with pip and venv from your package manager.',
  },
  TOOL_UNAVAILABLE: {
    family: 'environment',
    meaning: 'No way to get a component works on this machine.',
    remedy: 'Each way and why it failed is in the message: mend one, or name a binary by its variable.',
  },
  TOOL_DISK_FULL: {
    family: 'environment',
    meaning: 'The disk of the cache folder has no room for what has to be written.',
    remedy: 'Make room, or name another folder by `SIGNALPROOF_CACHE`.',
  },
  TOOL_CACHE: {
    family: 'environment',
    meaning: 'The cache folder cannot be written.',
    remedy: 'Make the folder writable, or name another one by `SIGNALPROOF_CACHE`.',
  },
  IMAGE_PULL: {
    family: 'environment',
    meaning: 'A container image cannot be pulled from its registry.',
    remedy:
      'Check the network and the name; `SIGNALPROOF_IMAGE_REGISTRY` names a mirror, and `SIGNALPROOF_IMAGES=built` has images made here.',
  },
  IMAGE_DIGEST: {
    family: 'environment',
    meaning: 'A container image is not what its digest says; it was thrown away.',
    remedy: 'Pull again; when it stays, something between you and the registry changes images.',
  },
  IMAGE_REFUSED: {
    family: 'environment',
    meaning: 'The Docker daemon does not take a container image that was made here.',
    remedy: "Read the daemon's words in the message; its disk may be full: `docker system df`.",
  },
  ENV_NO_PORTS: {
    family: 'environment',
    meaning: 'No free block of ports on 127.0.0.1 was found.',
    remedy: 'End what listens on so many ports of 127.0.0.1, or what an older run left: `signalproof down`.',
  },
  ENV_COMPONENT_DIED: {
    family: 'environment',
    meaning: 'A component ended by itself; its last lines are shown.',
    remedy: "Read the component's log in the run's folder; its configuration lies beside it.",
  },
  ENV_NOT_READY: {
    family: 'environment',
    meaning: 'A component did not become ready within its limit.',
    remedy: "Read the component's log in the run's folder; end what else uses the processor.",
  },
  ENV_POD_FAILED: {
    family: 'environment',
    meaning:
      'A pod can never start: its image, its configuration, its node or a policy forbids it, or it crashes.',
    remedy: "Read the pod's reason and last lines in the message; correct the manifest or the image.",
  },
  ENV_DOCKER_UNREACHABLE: {
    family: 'environment',
    meaning: 'No Docker daemon of this machine answers; the k3s environment is a container of it.',
    remedy: 'Start the daemon as the message says, or run the process environment, which needs none.',
  },
  ENV_NODE_FAILED: {
    family: 'environment',
    meaning:
      "The container that is the cluster's node did not start, ended, or refused an image; its last lines are shown.",
    remedy:
      'Read the lines; a full disk (`docker system df`) and a broken archive of an image are the usual reasons.',
  },
  ENV_SUPERVISOR: {
    family: 'environment',
    meaning: 'The process that looks after the components ended or does not answer.',
    remedy: '`signalproof down` clears what is left, then start again.',
  },
  ENV_KEPT_RUNNING: {
    family: 'usage',
    meaning: 'An environment is already kept; end it first.',
    remedy: '`signalproof down` ends it; `signalproof status` shows it.',
  },
  ENV_NOT_UP: {
    family: 'usage',
    meaning: 'A command needs the kept cluster, and there is none.',
    remedy: '`signalproof up --env k3s` (or `make up`) starts one.',
  },
  ENV_PORT_TAKEN: {
    family: 'environment',
    meaning: 'A port of 127.0.0.1 that was asked for is in use.',
    remedy: 'End who listens on it, or name another one by `--port`.',
  },
  ENV_HOSTS_FILE: {
    family: 'environment',
    meaning: 'The hosts file of this machine cannot be changed.',
    remedy: 'Add the line of the message by hand, with the rights that it needs.',
  },
  ENV_OTHER_PROFILE: {
    family: 'usage',
    meaning: 'The kept cluster has another time profile than the one that is asked for.',
    remedy: 'Name its profile by `--profile`, or end it by `signalproof down --env k3s`.',
  },
  KUBE_UNREACHABLE: {
    family: 'environment',
    meaning: 'The API server of a cluster does not answer.',
    remedy: 'Check that the cluster runs (`signalproof status`) and that the kubeconfig has its address.',
  },
  KUBE_FORBIDDEN: {
    family: 'environment',
    meaning: 'The API server of a cluster does not let this user do what is needed.',
    remedy: 'Give the user the permission in the message, or take another context.',
  },
  KUBE_NOT_FOUND: {
    family: 'stack',
    meaning: 'An object that has to be in the cluster is not there.',
    remedy: 'Look for it with `kubectl get`; `signalproof deploy` applies the manifests again.',
  },
  KUBE_INVALID: {
    family: 'usage',
    meaning: 'The API server refuses an object: a field is unknown or wrong, or a policy forbids it.',
    remedy: 'Correct the field of the message in manifests/.',
  },
  KUBE_REFUSED: {
    family: 'environment',
    meaning: 'The API server of a cluster answers with an error of its own.',
    remedy: 'Read its words in the message, and `kubectl get events -A`.',
  },
  BACKEND_UNREACHABLE: {
    family: 'stack',
    meaning: 'A component of the stack does not answer.',
    remedy: "Read the component's log in the evidence: it died, or listens somewhere else.",
  },
  BACKEND_BAD_ANSWER: {
    family: 'stack',
    meaning: 'A component of the stack answers with something other than its API promises.',
    remedy: 'Compare the answer in the message with the version of the component that was started.',
  },
  WAIT_TIMEOUT: {
    family: 'stack',
    meaning: 'What was waited for did not come within its computed deadline.',
    remedy: "Follow the claim's own advice: it names the hop and where to look.",
  },
  HOLD_BROKEN: {
    family: 'stack',
    meaning: 'Something that had to stay away came.',
    remedy: 'Look at what came, in the evidence, and at the rule or route that let it through.',
  },
  CLAIM_BROKEN: {
    family: 'stack',
    meaning: 'A claim was looked at and is not true.',
    remedy:
      "Compare expected and seen in the message; the claim's evidence holds the answers that were looked at.",
  },
  FAULT_REFUSED: {
    family: 'environment',
    meaning: 'An app refused the fault that it was asked to make.',
    remedy: "Read the app's answer in the message, and its log.",
  },
  TRAFFIC_FAILED: {
    family: 'environment',
    meaning: 'The harness could not send the traffic it had to send.',
    remedy: "Read the ingress's and the app's log: the machine may be too busy.",
  },
  LOAD_INVALID: {
    family: 'environment',
    meaning:
      'The generator did not do what the workload says, or what an objective counts is not there: nothing is said about the system.',
    remedy:
      "Read the reason in the message: k6.log in the run's folder, or the objective's selector; a lower rate needs less of the machine.",
  },
  INTERNAL: {
    family: 'environment',
    meaning: 'A defect of signalproof itself.',
    remedy: 'Report it with the lines of the message.',
  },
} as const satisfies Record<string, ErrorDescription>

export type ErrorCode = keyof typeof errorCodes
