import { componentPins } from './pins.ts'

/**
 * Every image of upstream's that a cluster runs, in one table: those of the components, whose version is that of the
 * binary under the same name, and those of which nothing but the image is run.
 */
export const images = {
  prometheus: componentPins.prometheus.image,
  loki: componentPins.loki.image,
  alertmanager: componentPins.alertmanager.image,
  otelcol: componentPins.otelcol.image,
  traefik: componentPins.traefik.image,
  tempo: componentPins.tempo.image,
  coredns: componentPins.coredns.image,
  'metrics-server': componentPins['metrics-server'].image,
  /** Kubernetes in one container, with network policies and all; its version is that of `kubernetes` in the table of pins. */
  k3s: `rancher/k3s:v${componentPins.kubernetes.version}-k3s1`,
  grafana: 'grafana/grafana:12.4.4',
  /** Removes the containers of a test whose process died; the version that Testcontainers asks for itself. */
  ryuk: 'testcontainers/ryuk:0.14.0',
} as const
