import type { ComponentName } from './pins.ts'

/**
 * What an installed component occupies, in megabytes, as built or unpacked on linux-x64. What compiling one takes
 * stands with its build in pins.ts: measured on 2 cores with nothing cached, downloads included.
 */
export const installedMegabytes: Record<ComponentName, number> = {
  loki: 157,
  prometheus: 131,
  alertmanager: 31,
  otelcol: 79,
  traefik: 186,
  tempo: 60,
  kubernetes: 126,
  'metrics-server': 71,
  coredns: 79,
  pause: 2,
  kubectl: 62,
  k6: 60,
}

/** The cores on which every time in the table of pins was measured. */
export const measuredOnCores = 2

/** The resident memory of all processes of the process environment together, measured at rest. */
export const stackAtRestMegabytes = 900
