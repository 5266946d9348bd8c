import { claim } from '../../harness/test.ts'
import { census, expectSameCounts } from '../stories/census.ts'

claim('metrics.counted-once', async ({ run, note, looked }) => {
  const { prometheus, ...counts } = await census(run)
  if (prometheus.status === 'rejected') throw prometheus.reason
  looked()
  const requests = expectSameCounts(counts, prometheus.value, 'Prometheus')
  note(`${requests} requests, counted alike by client, app and Prometheus`)
})
