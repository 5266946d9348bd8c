import { claim, expect, SignalproofError } from '../../harness/test.ts'
import { judgedObjectives } from '../stories/objectives.ts'

/** A verdict by the exact counts of the load, once the generator and the objectives' own queries agree about them. */

claim('slo.figures-agree', async ({ run, looked, note, keep }) => {
  const { verdicts, disagreement } = await judgedObjectives(run)
  looked()
  keep('objectives.json', JSON.stringify(verdicts, null, 2))
  expect(verdicts.length, 'objectives').toBeGreaterThan(0)
  if (disagreement.length > 0) {
    throw new SignalproofError('LOAD_INVALID', {
      expected: 'the same figures by the generator and by the queries of the objectives',
      seen: disagreement.join('; '),
      remedy: "run the objective's queries by hand in Prometheus over exactly the time of the load",
    })
  }
  note(`${verdicts.length} objectives, each with the same figures by its query and by the generator`)
})

claim('slo.objectives-held', async ({ run, looked }) => {
  const { verdicts } = await judgedObjectives(run)
  looked()
  expect(verdicts.length, 'objectives').toBeGreaterThan(0)
  expect(
    verdicts.filter(({ held }) => !held).map(({ words }) => words),
    'objectives that were missed',
  ).toEqual([])
})
