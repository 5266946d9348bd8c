import { writeKeptState } from './kept-cluster-state.ts'

/** Makes a checkout one that keeps a cluster. @returns the cluster's id */
export function keepIn(root: string, id = 'abcd'): string {
  writeKeptState(root, {
    id,
    profile: 'fast',
    digest: 'of-this',
    faultToken: 'secret',
    startedAt: '2026-11-25T20:00:00Z',
    applied: [],
    hasApps: true,
    set: [],
  })
  return id
}
