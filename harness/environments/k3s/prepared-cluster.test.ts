import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from '../../config/load-config.ts'
import type { PreparedImage } from '../../images/prepared-image.ts'
import { installComponents } from '../../toolchain/install-components.ts'
import { manifestsFor, objectsOf, renderWanted } from './prepared-cluster.ts'

const [kubectl] = await installComponents(['kubectl'])
const project = await loadConfig(join(import.meta.dirname, '..', '..', '..'))

const image = (name: string, reference: string) =>
  ({ name, reference, digest: `sha256:${name}` }) as PreparedImage
const apps = ['available-schedules-python', 'available-schedules-go', 'frontend', 'alert-receiver'].map(
  (name) => image(name, `signalproof/${name}:0123456789ab`),
)

const deploymentsWith = async (components: readonly PreparedImage[]) => {
  const images = { components, apps }
  const manifests = await manifestsFor(project, { images, kubectl: kubectl?.location ?? '' })
  const { rendering } = renderWanted({
    manifests,
    profile: 'fast',
    set: [],
    images,
    faultToken: 'a-token-of-some-length',
  })
  return objectsOf(rendering).flatMap(({ kind, metadata }) => (kind === 'Deployment' ? [metadata.name] : []))
}

test('Grafana is on the cluster exactly where its image is to be had', async () => {
  const [withIt, without] = await Promise.all([
    deploymentsWith([image('grafana', 'grafana/grafana:12.4.4')]),
    deploymentsWith([]),
  ])
  expect(withIt).toContain('grafana')
  expect(without).toEqual(withIt.filter((name) => name !== 'grafana'))
}, 60_000)
