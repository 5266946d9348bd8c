import { type Run, standInApp, story } from '../../harness/test.ts'

/** Apps that are only their lines: one fails on many of its routes, the other fails, recovers and fails again meanwhile. */
export const standIns = { manyRoutes: 'stand-in', returning: 'stand-in-returning' } as const

/** Makes both known at once, before the first fault: on a cluster each is a pod, and a pod that starts takes its time. */
export const standInApps = story('stand-in apps', async (run: Run) => {
  await run.started()
  await Promise.all(Object.values(standIns).map((app) => standInApp(run, app)))
})
