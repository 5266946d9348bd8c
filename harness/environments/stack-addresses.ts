import type { StackAddresses } from './contract.ts'

/** Where something is reached from this machine, by the name that manifests and plans give it. */
export type AddressOf = (name: string) => string

/** The addresses of a stack on Kubernetes, whoever leads to them. */
export function stackAddresses(at: AddressOf): StackAddresses {
  return {
    prometheus: at('prometheus'),
    loki: at('loki'),
    tempo: at('tempo'),
    alertmanager: at('alertmanager'),
    alertmanagerNaive: at('alertmanager-naive'),
    ingress: at('ingress'),
    alertReceiver: at('alert-receiver'),
    alertReceiverSwitch: at('alert-receiver-switch'),
    collectorHealth: at('collector-health'),
    collectorMetrics: at('collector-metrics'),
  }
}
