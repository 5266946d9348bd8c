import { SignalproofError } from '../core/signalproof-error.ts'
import type { EnvironmentKind } from './contract.ts'
import type { EnvironmentHome } from './home.ts'

/** The homes there are. Each is loaded when it is asked for: a run of processes needs nothing that speaks to Docker. */
const homes: Partial<Record<EnvironmentKind, () => Promise<EnvironmentHome>>> = {
  process: async () => (await import('./process/process-home.ts')).processHome,
  k3s: async () => (await import('./k3s/k3s-home.ts')).k3sHome,
  cluster: async () => (await import('./cluster/cluster-home.ts')).clusterHome,
}

export const knownHomes = Object.keys(homes) as EnvironmentKind[]

export const isKnownHome = (text: string): text is EnvironmentKind =>
  (knownHomes as readonly string[]).includes(text)

export async function homeOf(kind: EnvironmentKind): Promise<EnvironmentHome> {
  const load = homes[kind]
  if (load !== undefined) return await load()
  throw new SignalproofError('INTERNAL', {
    expected: 'an environment that was checked before',
    seen: kind,
    remedy: 'add it to the table of homes',
  })
}
