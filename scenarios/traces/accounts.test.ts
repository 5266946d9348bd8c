import { claim, describeCounts, SignalproofError } from '../../harness/test.ts'
import { census } from '../stories/census.ts'

claim('traces.counted-once', async ({ run, looked, note, keep, skip }) => {
  const { kind } = run.environment
  if (kind === 'cluster' && run.config.cluster?.services.collectorMetrics === undefined)
    skip('signalproof.config.ts does not state `cluster.services.collectorMetrics`, which counts spans')
  const { spans } = await census(run)
  if (spans.status === 'rejected') throw spans.reason
  if (spans.value === null) throw new Error('expected spans to be counted in this run, seen: they were not')
  looked()
  const { counts, partAt } = spans.value
  keep('span-counts.txt', describeCounts(counts))
  if (partAt !== null)
    throw new SignalproofError('CLAIM_BROKEN', {
      expected: 'as many spans at every place as requests and calls were made',
      seen: partAt,
      remedy: 'look at the place that is named: what comes after it only repeats the difference',
    })
  note(`${counts.store.received} spans: ${describeCounts(counts)}`)
})
