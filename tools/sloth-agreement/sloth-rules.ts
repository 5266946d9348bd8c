import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { stringify } from 'yaml'
import { badRate, type Objective, totalRate } from '../../harness/slo/objective.ts'

/** What Sloth, another generator of burn-rate alerts, makes of the same objectives. */

const repository = fileURLToPath(new URL('../..', import.meta.url))

export const slothAlert = 'SlothBudgetBurn'

/** The rules as YAML; files lie in `folder`. Sloth is built with Go from the checksums in tools/sloth/go.sum. */
export async function slothRules(objective: Objective, folder: string): Promise<string> {
  await execa('bash', [join(repository, 'tools/require-program.sh'), 'go'])
  const built = await execa('go', ['-C', join(repository, 'tools/sloth'), 'tool', '-n', 'sloth'])
  const [input, output] = [join(folder, 'sloth.yaml'), join(folder, 'sloth-rules.yaml')]
  writeFileSync(input, stringify(slothSpec(objective), { lineWidth: 0 }))
  // Its own windows, those of a period of 30 days.
  await execa(built.stdout.trim(), ['generate', '--input', input, '--out', output])
  return readFileSync(output, 'utf8')
}

const slothSpec = (objective: Objective) => ({
  version: 'prometheus/v1',
  service: objective.service,
  slos: [
    {
      name: objective.name,
      objective: Number((objective.target * 100).toPrecision(12)),
      sli: {
        events: {
          error_query: badRate(objective, '{{.window}}'),
          total_query: totalRate(objective, '{{.window}}'),
        },
      },
      alerting: {
        name: slothAlert,
        page_alert: objective.pages ? { labels: { severity: 'page' } } : { disable: true },
        ticket_alert: { labels: { severity: 'ticket' } },
      },
    },
  ],
})
