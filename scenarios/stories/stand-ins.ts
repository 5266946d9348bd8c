import { type Run, standInApp, story } from '../../harness/test.ts'

/** Apps that are only their lines, each for one story, so that no story takes another's errors for its own. */
export const standIns = {
  manyRoutes: 'stand-in',
  returning: 'stand-in-returning',
  rawPaths: 'stand-in-raw-paths',
} as const

/** Makes all of them known at once, before the first fault: on a cluster each is a pod, and a pod that starts takes its time. */
export const standInApps = story('stand-in apps', async (run: Run) => {
  await run.started()
  await Promise.all(Object.values(standIns).map((app) => standInApp(run, app)))
})
