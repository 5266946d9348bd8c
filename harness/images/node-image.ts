import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDebianTree } from '../toolchain/debian-tree.ts'
import { images } from '../toolchain/images.ts'
import { installComponents } from '../toolchain/install-components.ts'
import { componentPins } from '../toolchain/pins.ts'
import { containerArchitecture, requireLinux } from './container-platform.ts'
import type { ImageRecipe } from './image-recipe.ts'
import type { StoreOptions } from './image-store.ts'
import { type LayerEntry, program } from './layer-entry.ts'
import { layer } from './layer-recipe.ts'

/** Where the scripts lie that start the node, in this repository and in the image. */
const scripts = join(import.meta.dirname, '..', 'environments', 'k3s', 'node', 'image')
const scriptsInImage = 'usr/local/lib/node'

const calledAs = ['kube-apiserver', 'kube-controller-manager', 'kube-proxy', 'kube-scheduler', 'kubelet']

/** The image of a Kubernetes node that is made here: Debian's etcd, containerd and so on, Kubernetes, and its start. */
export async function nodeImageRecipe(options: StoreOptions = {}): Promise<ImageRecipe> {
  requireLinux(images.k3s)
  const [tree, [kubernetes, kubectl]] = await Promise.all([
    makeDebianTree('node', options),
    installComponents(['kubernetes', 'kubectl'], options),
  ])
  if (kubernetes === undefined || kubectl === undefined) throw new Error('not installed')
  const links = calledAs.map(
    (name): LayerEntry => ({
      kind: 'link',
      path: `usr/local/bin/${name}`,
      mode: 0o777,
      target: 'kubernetes',
    }),
  )
  const start = (await readdir(scripts)).filter((file) => file.endsWith('.sh'))
  return {
    name: 'node',
    reference: `signalproof/node:v${componentPins.kubernetes.version}-{id}`,
    architecture: containerArchitecture(),
    source: `Kubernetes ${componentPins.kubernetes.version} on Debian's etcd, containerd, runc and CNI plugins`,
    config: {
      Entrypoint: [`/${scriptsInImage}/entrypoint.sh`],
      Cmd: ['server'],
      ExposedPorts: { '6443/tcp': {} },
      Volumes: { '/var/lib/rancher/k3s': {}, '/var/lib/kubelet': {}, '/var/log': {} },
    },
    layers: [
      { title: 'reading the tree of Debian', key: tree.digest, kept: true, content: { tar: tree.tar } },
      await layer('writing Kubernetes', true, [
        program('usr/local/bin/kubernetes', kubernetes.location),
        program('usr/local/bin/kubectl', kubectl.location),
        ...links,
      ]),
      await layer(
        'writing the start of the node',
        false,
        start.map((file) => program(`${scriptsInImage}/${file}`, join(scripts, file))),
      ),
    ],
  }
}
