import { debianTreeNames, treeCosts } from '../toolchain/debian-recipes.ts'
import { findDebianTree } from '../toolchain/debian-tree-files.ts'
import { gigabytes } from '../toolchain/go-build-caches.ts'
import { describeCost } from '../toolchain/install-components.ts'
import { clusterComponents } from '../toolchain/pins.ts'
import { costOfMissing, examineComponents, lookForComponents, type Means } from './components.ts'
import type { Check, ComponentReport } from './doctor-report.ts'
import type { Surroundings } from './surroundings.ts'

/**
 * What a cluster of our own takes beside the stack where its images cannot be pulled, and what making it would cost. It is
 * made when such a cluster is started first, never for `make verify`, whose verdict and cost it does not touch.
 */
export async function checkClusterComponents(
  surroundings: Surroundings,
  means: Means,
): Promise<{ check: Check; reports: ComponentReport[] }> {
  const looked = await lookForComponents(clusterComponents, surroundings)
  const components = await examineComponents(looked, surroundings, means)
  const reports = components.map(({ report }) => report)
  const trees = await missingTrees(surroundings)
  const cost = costOfMissing(components)
  const compiled = { twoCoreSeconds: cost.atMostSeconds, cacheMegabytes: cost.atMostMegabytes }
  const named = (state: ComponentReport['state']) =>
    namesOf(reports.filter((report) => report.state === state))
  const parts = [
    part(named('unavailable'), (names) => `${names} cannot be made here`),
    part(named('download'), (names) => `${names} would be downloaded`),
    part(named('build'), (names) => `${names} would be compiled, ${describeCost(compiled)}`),
    part(namesOf(trees), (names) => `${names} of Debian would be made, ${describeTrees(trees)}`),
  ].filter((text) => text !== undefined)
  const base = { name: 'its images', area: 'environments' } as const
  if (parts.length === 0)
    return {
      check: { ...base, state: 'ready', seen: 'all that they are made of is there', remedy: null },
      reports,
    }
  const stays = cost.installedMegabytes + trees.reduce((sum, { megabytes }) => sum + megabytes, 0)
  const remedy =
    'to have it done before: signalproof toolchain install cluster, and signalproof toolchain trees'
  return {
    check: {
      ...base,
      state: 'lacking',
      seen: `where no registry is reached: ${parts.join('; ')}; ${gigabytes(stays)} stay`,
      remedy: `nothing where images are pulled; ${remedy}`,
    },
    reports,
  }
}

interface MissingTree {
  readonly name: string
  readonly seconds: number
  readonly megabytes: number
}

async function missingTrees({ settings }: Surroundings): Promise<MissingTree[]> {
  const found = await Promise.all(debianTreeNames.map((name) => findDebianTree(name, settings)))
  return debianTreeNames.flatMap((name, index) =>
    found[index] === undefined ? [{ name: `tree ${name}`, ...treeCosts[name] }] : [],
  )
}

/** Its time is that of the download and of dpkg, for which more cores do nothing. */
const describeTrees = (trees: readonly MissingTree[]) =>
  `about ${Math.ceil(trees.reduce((sum, { seconds }) => sum + seconds, 0) / 60)} min, once`

const part = (names: string, text: (names: string) => string) => (names === '' ? undefined : text(names))
const namesOf = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name).join(', ')
