import { claim, differences, expect } from '../../harness/test.ts'
import { census } from '../stories/census.ts'

claim('metrics.counted-once', async ({ run, note, looked }) => {
  const { client, apps, prometheus } = await census(run)
  if (prometheus.status === 'rejected') throw prometheus.reason
  let requests = 0
  for (const [app, counts] of client) {
    looked()
    expect(counts.size, `kinds of answers that the client got from ${app}`).toBeGreaterThan(0)
    expect(
      differences(counts, apps.get(app) ?? new Map()),
      `what ${app} counted, against the client`,
    ).toEqual([])
    expect(
      differences(counts, prometheus.value.get(app) ?? new Map()),
      `what Prometheus has of ${app}, against the client`,
    ).toEqual([])
    requests += [...counts.values()].reduce((sum, count) => sum + count, 0)
  }
  note(`${requests} requests, counted alike by client, app and Prometheus`)
})
