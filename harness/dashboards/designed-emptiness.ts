import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { SignalproofError } from '../core/signalproof-error.ts'
import type { Dashboard } from './dashboard-model.ts'

/**
 * Which panels are empty when all is well. This is said in a table beside the dashboards and not in them: a property
 * of ours in a dashboard's JSON is gone when Grafana saves it, and a sentence in a description is for people.
 */
const entry = z.strictObject({
  /** The dashboard's uid. */
  dashboard: z.string().min(1),
  /** The panel's title, as the dashboard writes it. */
  panel: z.string().min(1),
  /** Why nothing is what good looks like; shown with the verdict. */
  because: z.string().min(1),
  /** Metrics that are nowhere before their first event, as ALERTS is. Any other metric has to have been seen. */
  mayLack: z.array(z.string().min(1)).default([]),
})

const table = z.strictObject({ emptyByDesign: z.array(entry) })

export type DesignedEmptiness = Readonly<z.output<typeof entry>>

/**
 * Reads the table, as YAML. An entry that no panel has is refused: it would excuse nothing, and whoever wrote it thinks it does.
 * @throws SignalproofError CONFIG_UNREADABLE, CONFIG_INVALID
 */
export function readDesignedEmptiness(
  text: string,
  where: string,
  dashboards: readonly Dashboard[],
): DesignedEmptiness[] {
  const parsed = table.safeParse(parsedYaml(text, where))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw invalid(
      where,
      issue?.path.join('.') ?? '',
      'a table emptyByDesign of dashboard, panel and because',
      issue?.message ?? '',
    )
  }
  for (const [index, { dashboard: uid, panel }] of parsed.data.emptyByDesign.entries()) {
    const dashboard = dashboards.find((one) => one.uid === uid)
    const titles = dashboard?.panels.map(({ title }) => title) ?? []
    if (titles.includes(panel)) continue
    const seen =
      dashboard === undefined ? `no dashboard ${uid}` : `none of that title in ${uid}: ${titles.join(', ')}`
    throw invalid(where, `emptyByDesign.${index}`, `a panel "${panel}"`, seen)
  }
  return parsed.data.emptyByDesign
}

function parsedYaml(text: string, where: string): unknown {
  try {
    return parseYaml(text)
  } catch (thrown) {
    throw new SignalproofError('CONFIG_UNREADABLE', {
      expected: 'YAML',
      seen: thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown),
      where,
      remedy: 'mend the file there',
    })
  }
}

const invalid = (where: string, path: string, expected: string, seen: string): SignalproofError =>
  new SignalproofError('CONFIG_INVALID', {
    expected,
    seen,
    where: `${where} ${path}`,
    remedy: 'correct the entry, or remove it',
  })
