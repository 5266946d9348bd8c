import { claim, clusterOf, expect, type Pod, restartedSince, restartsOf } from '../../harness/test.ts'
import { containersEndedOnPurpose, restartsAtBegin } from '../stories/restarts.ts'

claim('changes.nothing-restarted', async ({ run, looked, note }) => {
  const before = await restartsAtBegin(run)
  const cluster = await clusterOf(run)
  const now = restartsOf(await cluster.all<Pod>('Pod', cluster.ownNamespaces))
  looked()
  expect(now.size, 'containers').toBeGreaterThan(0)
  expect(
    restartedSince(before, now, containersEndedOnPurpose(run)),
    'containers that were started again in this run',
  ).toEqual([])
  note(`${now.size} containers`)
})
