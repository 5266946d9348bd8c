import { componentPins } from './pins.ts'

/**
 * Every image of upstream's that a cluster runs, in one table: those of the components, whose version is that of the
 * binary under the same name, and those whose version is the image's own.
 */
export const images = {
  prometheus: componentPins.prometheus.image,
  loki: componentPins.loki.image,
  alertmanager: componentPins.alertmanager.image,
  otelcol: componentPins.otelcol.image,
  traefik: componentPins.traefik.image,
  tempo: componentPins.tempo.image,
  coredns: componentPins.coredns.image,
  k6: componentPins.k6.image,
  'metrics-server': componentPins['metrics-server'].image,
  /** Kubernetes in one container, with network policies and all; its version is that of `kubernetes` in the table of pins. */
  k3s: `rancher/k3s:v${componentPins.kubernetes.version}-k3s1`,
  grafana: 'grafana/grafana:12.4.4',
  /** What holds a pod's namespaces, as the node's container runtime asks for it. */
  pause: 'registry.k8s.io/pause:3.10.1',
} as const
