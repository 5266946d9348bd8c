/**
 * Every error code a person can meet, with the exit code family it belongs to. The README's "When it fails"
 * and the exit status of every command are read from here.
 */

/** Who has to act: the person at the keyboard, the machine it ran on, or the stack under test. */
export type ErrorFamily = 'usage' | 'environment' | 'stack'

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
  },
  USAGE_BAD_VALUE: { family: 'usage', meaning: 'An option has a value that it cannot take.' },
  USAGE_NO_CLAIM_MATCHES: {
    family: 'usage',
    meaning: 'A filter selects no claim, so nothing would be proven.',
  },
  CONFIG_UNREADABLE: {
    family: 'usage',
    meaning: 'A configuration file is missing or is not valid YAML, JSON or TypeScript.',
  },
  CONFIG_INVALID: {
    family: 'usage',
    meaning: 'A configuration file says something the program cannot follow; the path inside it is given.',
  },
  SET_PATH_UNKNOWN: {
    family: 'usage',
    meaning: '--set names a component or a path that the rendered configuration does not have.',
  },
  TOOL_UNPINNED: {
    family: 'environment',
    meaning: 'A download is refused because no checksum is pinned for it.',
  },
  TOOL_CHECKSUM: {
    family: 'environment',
    meaning: 'A download does not have the pinned checksum; it was thrown away.',
  },
  TOOL_UNREACHABLE: {
    family: 'environment',
    meaning: 'A publisher does not answer, or does not have the file.',
  },
  TOOL_DOWNLOAD: { family: 'environment', meaning: 'A download failed before it was complete.' },
  TOOL_WRONG_VERSION: {
    family: 'environment',
    meaning: 'A binary answers with another version than the pinned one.',
  },
  TOOL_DOES_NOT_RUN: { family: 'environment', meaning: 'A binary does not start on this machine.' },
  TOOL_BUILD_FAILED: {
    family: 'environment',
    meaning: 'Building a component from its published module failed.',
  },
  TOOL_NO_GO: { family: 'environment', meaning: 'Building needs Go, which is missing or too old.' },
  TOOL_NO_PYTHON: {
    family: 'environment',
    meaning: 'A step needs Python 3 with pip or venv, which is missing.',
  },
  TOOL_UNAVAILABLE: { family: 'environment', meaning: 'No way to get a component works on this machine.' },
  TOOL_DISK_FULL: {
    family: 'environment',
    meaning: 'The disk of the cache folder has no room for what has to be written.',
  },
  TOOL_CACHE: { family: 'environment', meaning: 'The cache folder cannot be written.' },
  ENV_NO_PORTS: { family: 'environment', meaning: 'No free block of ports on 127.0.0.1 was found.' },
  ENV_COMPONENT_DIED: {
    family: 'environment',
    meaning: 'A component ended by itself; its last lines are shown.',
  },
  ENV_NOT_READY: { family: 'environment', meaning: 'A component did not become ready within its limit.' },
  ENV_SUPERVISOR: {
    family: 'environment',
    meaning: 'The process that looks after the components ended or does not answer.',
  },
  ENV_KEPT_RUNNING: { family: 'usage', meaning: 'An environment is already kept; end it first.' },
  BACKEND_UNREACHABLE: { family: 'stack', meaning: 'A component of the stack does not answer.' },
  BACKEND_BAD_ANSWER: {
    family: 'stack',
    meaning: 'A component of the stack answers with something other than its API promises.',
  },
  WAIT_TIMEOUT: {
    family: 'stack',
    meaning: 'What was waited for did not come within its computed deadline.',
  },
  HOLD_BROKEN: { family: 'stack', meaning: 'Something that had to stay away came.' },
  CLAIM_BROKEN: { family: 'stack', meaning: 'A claim was looked at and is not true.' },
  FAULT_REFUSED: { family: 'environment', meaning: 'An app refused the fault that it was asked to make.' },
  TRAFFIC_FAILED: {
    family: 'environment',
    meaning: 'The harness could not send the traffic it had to send.',
  },
  INTERNAL: { family: 'environment', meaning: 'A defect of signalproof itself.' },
} as const satisfies Record<string, { family: ErrorFamily; meaning: string }>

export type ErrorCode = keyof typeof errorCodes
