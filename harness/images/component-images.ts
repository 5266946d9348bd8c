import { images } from '../toolchain/images.ts'
import { installComponents } from '../toolchain/install-components.ts'
import type { ComponentName } from '../toolchain/pins.ts'
import type { ResolvedComponent } from '../toolchain/resolve-component.ts'
import { containerArchitecture, requireLinux } from './container-platform.ts'
import type { ImageConfig } from './image-archive.ts'
import type { ImageRecipe } from './image-recipe.ts'
import type { StoreOptions } from './image-store.ts'
import { accounts, user } from './image-user.ts'
import { type LayerEntry, program, temporaryFolder } from './layer-entry.ts'
import { layer } from './layer-recipe.ts'
import { describeSource } from './source-of-component.ts'

/**
 * Images of the components, from nothing but the program itself. Each starts as upstream's does, so that the same
 * `args` of a manifest work with both: compare with the ENTRYPOINT and CMD that `docker image inspect` shows.
 * There are no CA certificates in them: no component calls anything outside the cluster, whose CA the kubelet mounts.
 */
interface ComponentImage {
  /** Where upstream's image has the program. */
  readonly path: string
  readonly arguments?: readonly string[]
  readonly workingFolder?: string
  readonly ports: readonly string[]
  /** Folders that upstream's image has, for the user it runs as. */
  readonly dataFolders?: readonly string[]
  readonly bindsLowPorts?: boolean
}

export const componentImages = {
  prometheus: {
    path: 'bin/prometheus',
    arguments: ['--config.file=/etc/prometheus/prometheus.yml', '--storage.tsdb.path=/prometheus'],
    workingFolder: '/prometheus',
    dataFolders: ['prometheus'],
    ports: ['9090/tcp'],
  },
  loki: {
    path: 'usr/bin/loki',
    arguments: ['-config.file=/etc/loki/local-config.yaml'],
    dataFolders: ['loki'],
    ports: ['3100/tcp'],
  },
  alertmanager: {
    path: 'bin/alertmanager',
    arguments: ['--config.file=/etc/alertmanager/alertmanager.yml', '--storage.path=/alertmanager'],
    workingFolder: '/alertmanager',
    dataFolders: ['alertmanager'],
    ports: ['9093/tcp'],
  },
  otelcol: {
    path: 'otelcol-contrib',
    arguments: ['--config', '/etc/otelcol-contrib/config.yaml'],
    ports: ['4317/tcp', '4318/tcp'],
  },
  // Upstream's entrypoint is a shell script that puts the program before arguments that begin with a dash.
  traefik: { path: 'usr/local/bin/traefik', ports: ['80/tcp'] },
  tempo: { path: 'tempo', dataFolders: ['var/tempo'], ports: ['3200/tcp'] },
  'metrics-server': { path: 'metrics-server', ports: [] },
  // What holds a pod's namespaces; here a program of our own under the name that the node looks for.
  pause: { path: 'pause', ports: [] },
  // For loads that are made inside the cluster.
  k6: { path: 'usr/bin/k6', ports: ['6565/tcp'] },
  coredns: { path: 'coredns', workingFolder: '/', ports: ['53/tcp', '53/udp'], bindsLowPorts: true },
} as const satisfies Partial<Record<ComponentName, ComponentImage>>

export type ComponentImageName = keyof typeof componentImages
export const componentImageNames = Object.keys(componentImages) as ComponentImageName[]

export const referenceOf = (name: ComponentImageName): string => images[name]

/**
 * Recipes of the components' images; the programs are installed first.
 * @throws SignalproofError when one cannot be had
 */
export async function componentRecipes(
  names: readonly ComponentImageName[],
  options: StoreOptions = {},
): Promise<ImageRecipe[]> {
  requireLinux(`the images of ${names.join(', ')}`)
  const installed = await installComponents(names, options)
  return await Promise.all(installed.map((component) => componentRecipe(component)))
}

export async function componentRecipe(component: ResolvedComponent): Promise<ImageRecipe> {
  const name = component.name as ComponentImageName
  const shape: ComponentImage = componentImages[name]
  const entries: LayerEntry[] = [
    program(shape.path, component.location, shape.bindsLowPorts),
    ...accounts,
    temporaryFolder,
    ...(shape.dataFolders ?? []).map((path): LayerEntry => ({ kind: 'folder', path, mode: 0o777 })),
  ]
  return {
    name,
    reference: referenceOf(name),
    architecture: containerArchitecture(),
    config: startOf(shape),
    source: await describeSource(component),
    layers: [await layer('writing the program', false, entries)],
  }
}

function startOf({ path, arguments: args, workingFolder, ports }: ComponentImage): ImageConfig {
  return {
    Entrypoint: [`/${path}`],
    ...(args && { Cmd: args }),
    ...(workingFolder && { WorkingDir: workingFolder }),
    User: user,
    ...(ports.length > 0 && { ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])) }),
  }
}
