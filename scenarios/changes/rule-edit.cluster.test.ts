import { claim, expect, formatMs } from '../../harness/test.ts'
import { ruleEdits } from '../stories/rule-edits.ts'

claim('changes.rule-edit', async ({ run, looked, note }) => {
  const edits = await ruleEdits(run)
  looked()
  expect(
    edits.map(({ ruler }) => ruler),
    'rulers that evaluate a rule that was added',
  ).toEqual(['prometheus', 'loki'])
  note(
    edits
      .map(
        ({ ruler, rolledOutMs, evaluatedMs }) =>
          `${ruler} rolled out in ${formatMs(rolledOutMs)}, evaluated after ${formatMs(evaluatedMs)}`,
      )
      .join('; '),
  )
})
