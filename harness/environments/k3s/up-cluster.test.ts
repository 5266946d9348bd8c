import { readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type LoadedConfig, loadConfig } from '../../config/load-config.ts'
import type { NodeImage, PreparedImage } from '../../images/prepared-image.ts'
import { installComponents } from '../../toolchain/install-components.ts'
import type { InstallProgress } from '../../toolchain/install-progress.ts'
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
  node: { reference: 'signalproof/node:2' } as NodeImage,
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
  return { parts, project, applied, nodes }
}

test('a kept cluster keeps its port and its node: another port is refused, another node is told', async () => {
  const { parts, project, applied, nodes } = await upToDate()
  const notes: string[] = []
  const progress: InstallProgress = (event) => {
    if (event.kind === 'note') notes.push(event.text)
  }
  const up = upCluster(parts, { project, profile: 'fast', set: [], port: 8080, progress })
  await expect(up).rejects.toThrow(
    /USAGE_BAD_VALUE.*no other port than the kept cluster has for the ingress, 3\d{4}[\s\S]*seen: 8080/,
  )
  expect(applied).toEqual([])
  expect(nodes.swept, 'what dead runs left is removed, whether or not a cluster is kept').toBe(1)
  await expect(upCluster(parts, { project, profile: 'fast', set: [], progress })).rejects.toThrow()
  expect(notes).toEqual([
    'its node is signalproof/node:1; a new one would be signalproof/node:2: `signalproof down --env k3s` first',
  ])
}, 60_000)

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
