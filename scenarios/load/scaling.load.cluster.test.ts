import { allowanceMs, answerMs, claim, describeHops, expect, lateHops } from '../../harness/test.ts'
import { judgeEnd } from '../stories/pod-accounts.ts'
import { scaledDown, scaledUp } from '../stories/scaling.ts'

/** Pods come when they are needed, and take nothing with them when they go. */

claim('load.scales-up', async ({ run, keep, note, looked, skip }) => {
  const { ups, samples } = await scaledUp(run)
  looked()
  keep('scaling.json', JSON.stringify({ ups, samples }, null, 1))
  expect(
    ups.flatMap((up) => (up.kind === 'missed' ? [up.why] : [])),
    'autoscalers that did not do their work',
  ).toEqual([])
  const scaled = ups.filter(({ kind }) => kind === 'scaled')
  if (scaled.length === 0) {
    const why = ups.flatMap((up) => (up.kind === 'not-asked' ? [up.why] : []))
    skip(`the load asked for no more pods: ${why.join('; ')}. A higher --rate does`)
  }
  const hops = ups.flatMap((up) => (up.kind === 'scaled' ? up.hops : []))
  expect(lateHops(hops, allowanceMs + answerMs), 'hops that were late').toEqual([])
  for (const up of ups)
    if (up.kind === 'scaled') note(`${up.target} to ${up.to} pods: ${describeHops(up.hops)}`)
})

claim('load.scales-down', async (work) => {
  const end = await scaledDown(work.run)
  judgeEnd(work, end, 0)
  work.note(`${end.app.name} from ${end.before} pods to ${end.after} under traffic`)
})
