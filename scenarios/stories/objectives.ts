import { figuresDisagreement, judgeLoad, type Run, story } from '../../harness/test.ts'
import { load } from './load.ts'

/** What the load spent of each objective, and where the generator and the objectives' own queries differ. */
export const judgedObjectives = story('objectives', async (run: Run) => {
  const { generator, closed } = await load(run)
  if (closed === null) throw new Error('expected accounts of a load that was generated, seen: none')
  const { verdicts, objectives } = await judgeLoad(run, generator, closed)
  run.record.write({ kind: 'slo', objectives: verdicts })
  return { verdicts, disagreement: figuresDisagreement(objectives, closed, generator.latencyByRoute) }
})
