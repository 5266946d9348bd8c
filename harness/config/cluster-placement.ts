import { type Document, setAtPath } from './document-path.ts'
import type { StackDocuments } from './stack-documents.ts'

/**
 * Everything that differs between the stack as git holds it and the stack on a cluster that is verified: git's addresses
 * are a cluster's already, so there is little.
 */

/** The services of manifests/verification/stack that alerts are sent to. */
const alertmanagers = {
  /** Not the address that is scraped, so that this way alone can be cut. */
  ofPrometheus: 'prometheus-to-alertmanager.observability:9093',
  ofLoki: 'alertmanager.observability:9093',
  /** Neither groups nor inhibits: what our routing spares is measured on one stream of alerts. */
  naive: 'alertmanager-naive.observability:9093',
} as const

/** The documents as a verified cluster gets them. */
export function placeOnCluster(documents: StackDocuments): StackDocuments {
  const placed = structuredClone(documents)
  placePrometheus(placed.prometheus)
  placeLoki(placed.loki)
  return placed
}

function placePrometheus(prometheus: Document): void {
  const targets = [alertmanagers.ofPrometheus, alertmanagers.naive]
  setAtPath(prometheus, 'alerting.alertmanagers', [{ static_configs: [{ targets }] }], 'prometheus')
}

function placeLoki(loki: Document): void {
  const urls = [alertmanagers.ofLoki, alertmanagers.naive].map((address) => `http://${address}`)
  setAtPath(loki, 'ruler.alertmanager_url', urls.join(','), 'loki')
}
