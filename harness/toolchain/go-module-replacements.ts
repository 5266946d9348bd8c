/**
 * Modules that upstream keeps in folders of a component's own repository, each with the version under which the same
 * folder was published; a module that is not named here keeps the version that upstream's go.mod requires.
 */
interface PublishedFolders {
  readonly below: string
  readonly version: string
  /** Where that version is not to be had: the nearest patch that is. */
  readonly otherwise: Readonly<Record<string, string>>
  /** Examples beside the program, which it does not use and which need not be published. */
  readonly dropped: readonly string[]
}

const publishedFolders: Readonly<Record<string, PublishedFolders>> = {
  kubernetes: {
    below: 'k8s.io/',
    version: 'v0.34.4',
    otherwise: {
      'k8s.io/cli-runtime': 'v0.34.10',
      'k8s.io/code-generator': 'v0.34.10',
      'k8s.io/kube-proxy': 'v0.34.10',
    },
    dropped: ['k8s.io/sample-apiserver', 'k8s.io/sample-cli-plugin', 'k8s.io/sample-controller'],
  },
}

/** The version that stands for a folder of a component's repository; none for a module that keeps its own. */
export function publishedFolder(component: string, module: string): string | undefined {
  const folders = publishedFolders[component]
  if (folders === undefined || !module.startsWith(folders.below) || isDropped(component, module))
    return undefined
  return folders.otherwise[module] ?? folders.version
}

export const isDropped = (component: string, module: string): boolean =>
  publishedFolders[component]?.dropped.includes(module) ?? false
