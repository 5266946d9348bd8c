import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setAtPath } from '../../harness/config/document-path.ts'
import { type ManifestObject, objectName } from '../../harness/config/manifest-object.ts'
import { kustomize } from '../../harness/kube/kustomize.ts'
import { installComponents } from '../../harness/toolchain/install-components.ts'

export const repository = fileURLToPath(new URL('../..', import.meta.url))

/** The objects of a cluster that is verified, as git holds them. */
export const verifiedCluster = (): Promise<ManifestObject[]> =>
  clusterOf(['cluster', 'verification/stack', 'verification/apps', 'verification/grafana'])

/** The objects of some of the roots below manifests/, as git holds them. */
export async function clusterOf(roots: readonly string[]): Promise<ManifestObject[]> {
  const [kubectl] = await installComponents(['kubectl'])
  const built = roots.map((root) => kustomize(kubectl?.location ?? '', join(repository, 'manifests', root)))
  return (await Promise.all(built)).flat()
}

/** Copies of the objects with one value of one of them changed, or removed by `undefined`; the object has to be there. */
export function changed(
  objects: readonly ManifestObject[],
  name: string,
  path: string,
  value: unknown,
): ManifestObject[] {
  const copies = structuredClone(objects) as ManifestObject[]
  const found = copies.find((object) => objectName(object) === name)
  if (found === undefined) throw new Error(`there is no ${name}`)
  setAtPath(found, path, value, name)
  return copies
}
