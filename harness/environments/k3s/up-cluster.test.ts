import { readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type LoadedConfig, loadConfig } from '../../config/load-config.ts'
import type { PreparedImage } from '../../images/prepared-image.ts'
import { installComponents } from '../../toolchain/install-components.ts'
import type { ClusterParts, PreparedParts } from './cluster-parts.ts'
import { clusterRunDouble, keptDouble } from './cluster-run-double.ts'
import { wantedCluster } from './own-cluster.ts'
import { deployApps, upCluster } from './up-cluster.ts'

const checkout = await loadConfig(join(import.meta.dirname, '..', '..', '..'))
const [kubectl] = await installComponents(['kubectl'])
const apps = ['available-schedules-python', 'available-schedules-go', 'frontend', 'alert-receiver'].map(
  (name) => ({ name, reference: `signalproof/${name}:0123456789ab` }) as PreparedImage,
)
const prepared: PreparedParts = {
  images: { components: [], apps },
  node: {} as never,
  kubectl: kubectl?.location ?? '',
}

/** This checkout as another one, whose kept cluster is what it says: by its digest nothing is left to do. */
async function upToDate() {
  const { nodes, applied, root, keep } = await clusterRunDouble()
  for (const name of readdirSync(checkout.root))
    if (name !== '.signalproof') symlinkSync(join(checkout.root, name), join(root, name))
  const project: LoadedConfig = { ...checkout, root }
  const { digest } = await wantedCluster({ project, profile: 'fast', set: [] }, prepared, 'secret')
  keep({ ...keptDouble, digest })
  const parts: ClusterParts = { nodes, prepare: async () => prepared }
  return { parts, project, applied }
}

// The API server of the double knows few kinds: what is applied after its first objects is refused, and that is the end.
test('`up` applies everything, also where the digest says that it is there', async () => {
  const { parts, project, applied } = await upToDate()
  await expect(upCluster(parts, { project, profile: 'fast', set: [] })).rejects.toThrow()
  expect(applied).not.toEqual([])
}, 60_000)

test('and so does `deploy`', async () => {
  const { parts, project, applied } = await upToDate()
  await expect(deployApps(parts, { project })).rejects.toThrow()
  expect(applied).not.toEqual([])
}, 60_000)
