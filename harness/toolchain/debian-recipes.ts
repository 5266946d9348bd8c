/** The root file systems that images are built on where no registry is reached, and what each of them is for. */
export interface DebianRecipe {
  readonly purpose: string
  /** Beside what Debian calls essential. */
  readonly packages: readonly string[]
  /** A folder of Python sources below the root, to be compiled ahead. */
  readonly compiled?: string
}

/** The release of Debian; its packages are verified by the keys of Debian's archive. */
export const debianSuite = 'bookworm'

export const debianRecipes = {
  node: {
    purpose: 'the Kubernetes node',
    packages: [
      'busybox-static',
      'ca-certificates',
      'conntrack',
      'containerd',
      'containernetworking-plugins',
      'etcd-server',
      'iproute2',
      'ipset',
      'iptables',
      'kmod',
      'openssl',
      'procps',
      'runc',
      'util-linux',
    ],
  },
  apps: {
    purpose: 'the demo app in Python',
    packages: ['ca-certificates', 'libpython3-stdlib', 'libstdc++6', 'python3-minimal'],
    compiled: 'usr/lib/python3.11',
  },
} as const satisfies Record<string, DebianRecipe>

export type DebianTreeName = keyof typeof debianRecipes
export const debianTreeNames = Object.keys(debianRecipes) as DebianTreeName[]

/** Not needed to run anything in a container, or left by this machine and the minute of the making. */
export const removedFromTrees = [
  'etc/hostname',
  'etc/machine-id',
  'etc/resolv.conf',
  'run/*',
  'tmp/*',
  'usr/lib/*-linux-gnu/gconv',
  'usr/share/doc',
  'usr/share/i18n',
  'usr/share/info',
  'usr/share/lintian',
  'usr/share/locale',
  'usr/share/man',
  'usr/share/zoneinfo',
  'var/cache/*',
  'var/lib/apt/lists/*',
  'var/log/*',
] as const

/** Mounted by whatever runs a container. */
export const emptyInTrees = ['dev', 'proc', 'sys'] as const

/** The time that every file has: of no meaning, only always the same (the release of Debian 12). */
export const treeTimeSeconds = 1_686_355_200

/** What installing one takes, measured on 2 cores with a mirror at hand. */
export const treeCosts: Readonly<Record<DebianTreeName, { seconds: number; megabytes: number }>> = {
  node: { seconds: 70, megabytes: 260 },
  apps: { seconds: 50, megabytes: 110 },
}
