import type { ComponentPin } from './component-pin.ts'

/** What puts load on the stack; nothing but `signalproof load` takes it, so it is installed when that is asked for. */
export const loadPins = {
  k6: {
    name: 'k6',
    version: '2.2.0',
    binaries: ['k6'],
    probe: ['version'],
    reports: /^k6 v(\S+)/m,
    image: 'grafana/k6:2.2.0',
    release: {
      folder: 'grafana/k6/releases/download/v{version}',
      file: 'k6-v{version}-{os}-{arch}.tar.gz',
      format: 'tar.gz',
      members: { k6: 'k6-v{version}-{os}-{arch}/k6' },
      onMac: {
        file: 'k6-v{version}-macos-{arch}.zip',
        format: 'zip',
        members: { k6: 'k6-v{version}-macos-{arch}/k6' },
      },
      checksumFile: 'k6-v{version}-checksums.txt',
    },
    build: {
      from: 'go-module',
      module: 'go.k6.io/k6/v2',
      moduleVersion: 'v2.2.0',
      packages: ['go.k6.io/k6/v2'],
      twoCoreSeconds: 69,
      cacheMegabytes: 1000,
    },
  },
} as const satisfies Record<string, ComponentPin>
