import { type ManifestObject, objectName } from '../../harness/config/manifest-object.ts'
import {
  type LabelSelector,
  listensOn,
  type ManifestProblem,
  type ObjectSet,
  type PlacedPods,
  selects,
  writeLabels,
} from './object-set.ts'

/** A policy that selects nobody, or allows nobody anything, is as valid as one that does: nobody notices before the day. */

interface Peer {
  readonly podSelector?: LabelSelector
  readonly namespaceSelector?: LabelSelector
  readonly ipBlock?: unknown
}

interface PolicyRule {
  readonly from?: readonly Peer[]
  readonly to?: readonly Peer[]
  readonly ports?: readonly { readonly port?: number | string; readonly protocol?: string }[]
}

export interface PolicySpec {
  readonly podSelector: LabelSelector
  readonly policyTypes?: readonly ('Ingress' | 'Egress')[]
  readonly ingress?: readonly PolicyRule[]
  readonly egress?: readonly PolicyRule[]
}

const policySpec = (policy: ManifestObject): PolicySpec => policy.spec as PolicySpec

export function networkPolicyProblems(set: ObjectSet): ManifestProblem[] {
  return set.ofKind('NetworkPolicy').flatMap((policy) => {
    const spec = policySpec(policy)
    const namespace = policy.metadata.namespace ?? ''
    const problem = (says: string): ManifestProblem => ({ object: objectName(policy), says })
    const selected = set.pods.filter(
      (pod) => pod.namespace === namespace && selects(spec.podSelector, pod.template.metadata.labels),
    )
    if (selected.length === 0) {
      return [problem(`its podSelector ${writeLabels(spec.podSelector)} selects no pod of its namespace`)]
    }
    const peers = [
      ...(spec.ingress ?? []).map((rule) => rule.from),
      ...(spec.egress ?? []).map((rule) => rule.to),
    ]
    const nobody = peers
      .flatMap((list) => list ?? [])
      .filter((peer) => peer.ipBlock === undefined && podsOf(set, namespace, peer).length === 0)
      .map((peer) => problem(`the peer ${writeLabels(peer)} is no pod of these manifests`))
    const into = (spec.ingress ?? []).flatMap((rule) => closedPorts(rule, selected).map(problem))
    const outOf = (spec.egress ?? []).flatMap((rule) => {
      const targets = (rule.to ?? []).flatMap((peer) => podsOf(set, namespace, peer))
      return targets.length === 0 ? [] : closedPorts(rule, targets).map(problem)
    })
    return [...nobody, ...into, ...outOf]
  })
}

function closedPorts({ ports = [] }: PolicyRule, pods: readonly PlacedPods[]): string[] {
  return ports.flatMap(({ port }) =>
    port === undefined || pods.some((pod) => listensOn(pod, port))
      ? []
      : [
          `it allows the port ${port}, which no container of those pods has: policies count a pod's ports, not its Service's`,
        ],
  )
}

function podsOf(set: ObjectSet, namespace: string, peer: Peer): PlacedPods[] {
  const { podSelector = {}, namespaceSelector } = peer
  return set.pods.filter(
    (pod) =>
      selects(podSelector, pod.template.metadata.labels) &&
      (namespaceSelector === undefined
        ? pod.namespace === namespace
        : selects(namespaceSelector, set.labelsOfNamespace(pod.namespace))),
  )
}

/**
 * Whether the policies let pods of one object open a connection to a port of another's. Both sides have to: the sender's
 * egress and the receiver's ingress; a side that no policy selects is open.
 */
export function mayConnect(set: ObjectSet, from: PlacedPods, to: PlacedPods, port: number): boolean {
  return sideAllows(set, 'Egress', from, to, port) && sideAllows(set, 'Ingress', to, from, port)
}

function sideAllows(
  set: ObjectSet,
  side: 'Ingress' | 'Egress',
  here: PlacedPods,
  there: PlacedPods,
  port: number,
): boolean {
  const policies = set
    .ofKind('NetworkPolicy')
    .filter(({ metadata }) => metadata.namespace === here.namespace)
    .map(policySpec)
    .filter(
      ({ podSelector, policyTypes = ['Ingress'] }) =>
        policyTypes.includes(side) && selects(podSelector, here.template.metadata.labels),
    )
  if (policies.length === 0) return true
  return policies
    .flatMap(({ ingress = [], egress = [] }) => (side === 'Ingress' ? ingress : egress))
    .some(({ from, to, ports }) => {
      const peers = side === 'Ingress' ? from : to
      const peerFits =
        peers === undefined || peers.some((peer) => podsOf(set, here.namespace, peer).includes(there))
      return peerFits && (ports === undefined || ports.some((each) => each.port === port))
    })
}
