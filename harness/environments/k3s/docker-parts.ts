import type { LoadedConfig } from '../../config/load-config.ts'
import { prepareImages, prepareNodeImage } from '../../images/prepare-images.ts'
import { installComponents } from '../../toolchain/install-components.ts'
import type { ClusterParts, PreparedParts, PrepareOptions } from './cluster-parts.ts'
import { requireDaemon } from './docker-daemon.ts'
import { dockerNodes } from './node/docker-nodes.ts'

/**
 * Clusters in containers of this machine's Docker daemon.
 * @param instead what is to be had without Docker, as a remedy
 * @throws SignalproofError ENV_DOCKER_UNREACHABLE
 */
export async function dockerParts(instead?: string): Promise<ClusterParts> {
  await requireDaemon(process.env, instead)
  return { nodes: dockerNodes, prepare }
}

async function prepare({ root }: LoadedConfig, { signal, progress }: PrepareOptions): Promise<PreparedParts> {
  const options = {
    ...(signal === undefined ? {} : { signal }),
    ...(progress === undefined ? {} : { progress }),
  }
  const [images, node, [kubectl]] = await Promise.all([
    prepareImages(root, options),
    prepareNodeImage(options),
    installComponents(['kubectl'], options),
  ])
  return { images, node, kubectl: kubectl?.location ?? 'kubectl' }
}
