import type { StackFault } from '../../process/supervisor-protocol.ts'
import type { FaultPlan, Workload } from './fault-plan.ts'
import { faultFunctions, findContainers, quoted } from './fault-shell.ts'
import { holdLogs } from './held-logs.ts'

/** What is done in the node to make each fault of the stack, and to take it back. */

export interface BreakableWorkloads {
  readonly components: readonly Workload[]
  readonly apps: readonly Workload[]
}

/** The stack of manifests/. */
export const stackComponents: readonly Workload[] = [
  ...['prometheus', 'loki', 'tempo', 'alertmanager', 'alert-receiver'].map((name) => ({
    name,
    namespace: 'observability',
  })),
  { name: 'collector', namespace: 'observability-node' },
  { name: 'traefik', namespace: 'ingress' },
]

interface Link {
  readonly from: string
  readonly service: string
  readonly port: number
}

/**
 * The ways that can be cut: what a component sends to a Service. Prometheus also scrapes Alertmanager, so what it sends
 * there has a Service of its own (manifests/verification/stack).
 */
const clusterLinks: Readonly<Record<string, Link>> = {
  'ruler-to-alertmanager': { from: 'loki', service: 'alertmanager', port: 9093 },
  'prometheus-to-alertmanager': { from: 'prometheus', service: 'prometheus-to-alertmanager', port: 9093 },
  'collector-to-loki': { from: 'collector', service: 'loki', port: 3100 },
  'collector-to-tempo': { from: 'collector', service: 'tempo', port: 4318 },
}

/** The only workload that is ended in order: a DaemonSet, whose state lies on a volume. */
const stoppable = 'collector'

/** @returns the plan, or why there is none, in words */
export function planOf(fault: StackFault, { components, apps }: BreakableWorkloads): FaultPlan | string {
  const named = (name: string) => [...components, ...apps].find((workload) => workload.name === name)
  switch (fault.kind) {
    case 'cut-link': {
      const link = Object.hasOwn(clusterLinks, fault.link) ? clusterLinks[fault.link] : undefined
      const from = link === undefined ? undefined : named(link.from)
      if (link === undefined || from === undefined) return `there is no link ${fault.link}`
      return plan(`link ${fault.link}`, cutLink(from, link))
    }
    case 'pause-component': {
      const component = named(fault.component)
      if (component === undefined) return `there is no component ${fault.component}`
      return plan(`component ${component.name}`, pauseContainers(component))
    }
    case 'stop-component': {
      const component = named(fault.component)
      if (component === undefined) return `there is no component ${fault.component}`
      if (component.name !== stoppable)
        return `there is no way to stop ${component.name} in order here; seen: it is no DaemonSet`
      return plan(`component ${component.name}`, emptyDaemonSet(component))
    }
    case 'hold-logs': {
      const collector = named('collector')
      if (collector === undefined) return 'there is no collector that reads log files'
      return plan('log files', holdLogs(collector))
    }
    case 'kill-container': {
      const app = apps.find(({ name }) => name === fault.app)
      if (app === undefined) return `there is no app ${fault.app}`
      return plan(`container ${app.name}`, killContainers(app))
    }
    case 'hide-target': {
      const app = apps.find(({ name }) => name === fault.app)
      if (app === undefined) return `there is no target ${fault.app}`
      return plan(`target ${app.name}`, hidePods(app))
    }
  }
}

/** Both ways of a plan as they run in the node. */
function plan(key: string, { apply, undo }: Omit<FaultPlan, 'key'>): FaultPlan {
  return { key, apply: `${faultFunctions}${apply}`, undo: `${faultFunctions}${undo}` }
}

/**
 * In the network of the sender's pod, where the Service's address is not translated yet: connections that exist are
 * reset at their next packet, new ones are refused, and what others send there passes. The network is held by a mount,
 * so that the rule is found again after a restart of the container.
 */
function cutLink(from: Workload, { service, port }: Link): Omit<FaultPlan, 'key'> {
  const rule = `OUTPUT -p tcp -d "$address" --dport ${port} -j REJECT --reject-with tcp-reset`
  // Both Services that are sent to are in the namespace of the stack.
  const target = `-n observability get service ${service} -o 'jsonpath={.spec.clusterIP}'`
  return {
    apply: `
address=$(kube ${target}) && [ -n "$address" ] && [ "$address" != None ] || refuse 'Service ${service} has no address'
printf '%s\\n' "$address" >address
${findContainers(from.namespace, from.name)}
cut() {
  process=$(task "$1"); process=\${process%% *}
  [ -n "$process" ] || refuse "container $1 does not run"
  : >"net.$1" && mount --bind "/proc/$process/ns/net" "net.$1" || refuse 'its network cannot be held'
  nsenter --net="net.$1" iptables -w 5 -I ${rule} </dev/null || refuse 'no rule can be added to its network'
}
every containers cut
`,
    undo: `
[ -e address ] || exit 0
read -r address <address
for net in net.*; do
  [ -e "$net" ] || continue
  # After a restart of the node it is an empty file, and the network is gone with its rules.
  if nsenter --net="$net" true 2>/dev/null; then
    while nsenter --net="$net" iptables -w 5 -C ${rule} 2>/dev/null; do
      nsenter --net="$net" iptables -w 5 -D ${rule} || exit 1
    done
    umount "$net" || exit 1
  fi
  rm -f "$net"
done
`,
  }
}

/** The runtime freezes all processes of its containers: their ports are open and nothing answers. */
function pauseContainers({ name, namespace }: Workload): Omit<FaultPlan, 'key'> {
  return {
    apply: `
${findContainers(namespace, name)}
pause() { tasks pause "$1" || refuse "container $1 of ${name} cannot be paused"; }
every containers pause
`,
    undo: `
resume() { case $(task "$1") in *PAUSED) tasks resume "$1" ;; esac; }
every containers resume
`,
  }
}

/** As the kernel does when memory is short. The kubelet starts a container anew: nothing has to be taken back. */
function killContainers({ name, namespace }: Workload): Omit<FaultPlan, 'key'> {
  return {
    apply: `
${findContainers(namespace, name)}
end_it() { tasks kill -s SIGKILL "$1" || refuse "container $1 of ${name} cannot be killed"; }
every containers end_it
`,
    undo: '',
  }
}

/** A node selector that fits no node ends its pods in order; without it they come back. */
function emptyDaemonSet({ name, namespace }: Workload): Omit<FaultPlan, 'key'> {
  const select = (value: string) =>
    quoted(
      JSON.stringify({ spec: { template: { spec: { nodeSelector: '@' } } } }).replace(
        '"@"',
        `{"signalproof.dev/stopped":${value}}`,
      ),
    )
  const patch = (value: string) =>
    `kube -n ${namespace} patch daemonset ${name} --type=merge -p ${select(value)}`
  const pods = `-n ${namespace} get pods -l app.kubernetes.io/name=${name} -o name`
  return {
    apply: `
${patch('"true"')} || refuse 'DaemonSet ${name} cannot be changed'
pods=$(kube ${pods}) || refuse 'pods cannot be listed'
[ -z "$pods" ] || kube -n ${namespace} wait --request-timeout=0 --for=delete --timeout=60s $pods || refuse 'its pods do not end'
`,
    undo: `
${patch('null')} || exit 1
kube -n ${namespace} rollout status daemonset/${name} --request-timeout=0 --timeout=60s || exit 1
`,
  }
}

/** Discovery takes pods that ask for it by an annotation. Each gets back what it had. */
function hidePods({ name, namespace }: Workload): Omit<FaultPlan, 'key'> {
  const annotation = 'prometheus.io/scrape'
  const jsonpath = `jsonpath={range .items[*]}{.metadata.name}{" "}{.metadata.annotations.prometheus\\.io/scrape}{"\\n"}{end}`
  return {
    apply: `
kube -n ${namespace} get pods -l app.kubernetes.io/name=${name} -o ${quoted(jsonpath)} | awk 'NF == 2' >pods
[ -s pods ] || refuse 'no pod of ${name} in namespace ${namespace} asks to be scraped by ${annotation}'
hide() { kube -n ${namespace} annotate pod "\${1% *}" ${annotation}- || refuse "pod \${1% *} cannot be changed"; }
every pods hide
`,
    undo: `
show() {
  kube -n ${namespace} annotate pod "\${1% *}" --overwrite "${annotation}=\${1#* }" && return
  # A pod that is gone needs nothing; its successor was not hidden.
  left=$(kube -n ${namespace} get pod "\${1% *}" --ignore-not-found -o name) && [ -z "$left" ]
}
every pods show
`,
  }
}
