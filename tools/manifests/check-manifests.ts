import { join } from 'node:path'
import { imageName } from '../../harness/config/cluster-images.ts'
import {
  containersOf,
  type ManifestObject,
  objectName,
  podTemplateOf,
} from '../../harness/config/manifest-object.ts'
import { kustomize } from '../../harness/kube/kustomize.ts'
import { images } from '../../harness/toolchain/images.ts'
import { installComponents } from '../../harness/toolchain/install-components.ts'
import { containerProblems } from './container-rules.ts'
import { schemaProblems } from './kubernetes-schemas.ts'
import { networkPolicyProblems } from './network-policies.ts'
import { type ManifestProblem, ObjectSet } from './object-set.ts'
import { objectSources } from './object-source.ts'
import {
  apiServiceProblems,
  autoscalerProblems,
  bindingProblems,
  ingressProblems,
  podReferenceProblems,
  serviceProblems,
} from './references.ts'

/** The roots of manifests/ that make one cluster together: as any cluster gets them, and as one that is verified does. */
const clusters = [
  ['cluster', 'stack', 'apps', 'grafana'],
  ['cluster', 'verification/stack', 'verification/apps', 'verification/grafana'],
]

/** Not of manifests/: made anew by whoever verifies. */
const madeElsewhere = new Set(['Secret.apps.fault-switch', 'Secret.observability.fault-switch'])

/**
 * What is wrong with manifests/ below `root`, a line each: `path:line: object: what`. Empty when nothing is. The tools for
 * it are those of `repository`.
 */
export async function checkManifests(repository: string, root = repository): Promise<string[]> {
  const [kubectl] = await installComponents(['kubectl'])
  if (kubectl === undefined) throw new Error('there is no kubectl')
  const lines = await Promise.all(
    clusters.map(async (names) => {
      const roots = names.map((name) => join(root, 'manifests', name))
      const objects = (await Promise.all(roots.map((each) => kustomize(kubectl.location, each)))).flat()
      const sources = objectSources(root, roots)
      const problems = [...(await schemaProblems(repository, objects)), ...lintObjects(objects)]
      return problems.map(({ object, says }) => `${sources.get(object) ?? 'manifests/'}: ${object}: ${says}`)
    }),
  )
  return [...new Set(lines.flat())]
}

/** What is wrong with the objects of one cluster beside their schemas. */
export function lintObjects(objects: readonly ManifestObject[]): ManifestProblem[] {
  const set = new ObjectSet(objects)
  return [
    ...serviceProblems(set),
    ...ingressProblems(set),
    ...autoscalerProblems(set),
    ...networkPolicyProblems(set),
    ...podReferenceProblems(set, madeElsewhere),
    ...bindingProblems(set),
    ...apiServiceProblems(set),
    ...containerProblems(set),
    ...imageProblems(objects),
  ]
}

/** Upstream's images are those of the one table of pins; ours have no tag here. */
function imageProblems(objects: readonly ManifestObject[]): ManifestProblem[] {
  const pinned = new Map(Object.values(images).map((reference) => [imageName(reference), reference] as const))
  return objects.flatMap((object) => {
    const template = podTemplateOf(object)
    return (template === undefined ? [] : containersOf(template)).flatMap(({ name, image }) => {
      const expected = image.startsWith('signalproof/') ? imageName(image) : pinned.get(imageName(image))
      return image === expected
        ? []
        : [
            {
              object: objectName(object),
              says: `the container ${name}: expected ${expected ?? 'an image of harness/toolchain/images.ts'}; seen ${image}`,
            },
          ]
    })
  })
}
