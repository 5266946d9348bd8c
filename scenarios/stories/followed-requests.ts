import { type Run, sendInTrace, story } from '../../harness/test.ts'

/** One request to every app, each in a trace whose id is known: first to those that ask no other app, then the pages. */
export const followedRequests = story('followed requests', async (run: Run) => {
  await run.started()
  const chosen = run.config.apps.flatMap((app) => {
    const exercise = app.good.find(({ causes }) => causes.length > 0) ?? app.good[0]
    return exercise === undefined ? [] : [{ app, exercise }]
  })
  const sent = await Promise.all(chosen.map(({ app, exercise }) => sendInTrace(run, app, exercise)))
  return sent.toSorted((a, b) => a.expected.children.length - b.expected.children.length)
})
