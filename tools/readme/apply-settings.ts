import { imageName, isPinned } from '../../harness/config/cluster-images.ts'
import type { LoadedConfig } from '../../harness/config/load-config.ts'
import { containersOf, podTemplateOf } from '../../harness/config/manifest-object.ts'
import { parseSetOption } from '../../harness/config/set-option.ts'
import { renderProductionDocuments } from '../../harness/environments/process/process-environment.ts'
import { type Manifests, readManifests, renderCluster } from '../../harness/kube/render-cluster.ts'
import { installComponents } from '../../harness/toolchain/install-components.ts'

/**
 * Applies each `--set` to the configuration that the named environment would render; nothing is started.
 * @throws SignalproofError SET_PATH_UNKNOWN, USAGE_BAD_VALUE, and those of installing kubectl
 */
export async function applySettings(
  project: LoadedConfig,
  environment: string | undefined,
  texts: readonly string[],
): Promise<void> {
  const set = texts.map(parseSetOption)
  if (environment !== 'k3s') renderProductionDocuments({ project, set })
  // kustomize takes a second, and only a setting can be refused by it.
  else if (set.length > 0) {
    const [kubectl] = await installComponents(['kubectl'])
    const manifests = await readManifests({ project, kubectl: kubectl?.location ?? '' })
    renderCluster(manifests, { profile: 'fast', set, images: unbuilt(manifests), faultToken: '' })
  }
}

/** A tag for each image that gets its own when it is built. */
function unbuilt({ objects }: Manifests): Record<string, string> {
  const images = Object.values(objects)
    .flat()
    .flatMap((object) => {
      const template = podTemplateOf(object)
      return template === undefined ? [] : containersOf(template).map(({ image }) => image)
    })
  return Object.fromEntries(
    images
      .filter((image) => !isPinned(image))
      .map((image) => [imageName(image), `${imageName(image)}:unbuilt`]),
  )
}
