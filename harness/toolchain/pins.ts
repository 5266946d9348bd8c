import { clusterPins } from './cluster-pins.ts'
import { loadPins } from './load-pins.ts'
import { stackPins } from './stack-pins.ts'

/**
 * The one table of what the toolchain installs: versions, images, upstream addresses and how to build each binary.
 * In its texts {version}, {major}, {minor}, {os}, {arch} and {file} are filled in for a platform; the checksum of every
 * archive and wheel, with where it was found, is in pinned-checksums.json.
 */
export const componentPins = { ...stackPins, ...clusterPins, ...loadPins } as const

export type ComponentName = keyof typeof componentPins
export const componentNames = Object.keys(componentPins) as ComponentName[]

/** What the process environment runs; the images of a cluster are made of them, too. */
export const stackComponents = Object.keys(stackPins) as (keyof typeof stackPins)[]

/** What a cluster takes beside the stack, where its images cannot be pulled. */
export const clusterComponents = Object.keys(clusterPins) as (keyof typeof clusterPins)[]

/** What only `signalproof load` takes. */
export const loadComponents = Object.keys(loadPins) as (keyof typeof loadPins)[]

/** What is run on this machine to work with a cluster, wherever its images come from. */
export const clusterTools = ['kubectl'] as const satisfies readonly ComponentName[]

/** Where upstream's releases are published; SIGNALPROOF_RELEASE_MIRROR replaces it. */
export const releaseHost = 'https://github.com'
