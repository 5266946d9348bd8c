import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { send } from '../core/http.ts'
import { describeThrown } from '../core/signalproof-error.ts'
import type { Run } from './run.ts'

/**
 * What a reader wants to look at when a claim is broken: the components' own answers at that moment, their
 * configuration and the ends of their logs. Nothing here fails a run: an answer that cannot be had is kept as words.
 */

/** Enough to see what led there, small enough to open. */
const logTailBytes = 64 * 1024

/** Keeps everything below evidence/<claim>/ and answers with the paths of the files. */
export async function keepStackEvidence(run: Run, claimId: string): Promise<string[]> {
  const keep = (name: string, content: string) => run.keepEvidence(claimId, name, content)
  const answers: Record<string, Promise<unknown>> = {
    'prometheus-targets': run.prometheus.targets(),
    'prometheus-rules': run.prometheus.ruleGroups(),
    'prometheus-alerts': run.prometheus.alerts(),
    'loki-rules': run.loki.ruleGroups(),
    'loki-alerts': run.loki.alerts(),
    'alertmanager-alerts': run.alertmanager.alerts(),
    'alert-receiver-notifications': run.alertReceiver.notificationsAfter(0),
  }
  const kept = await Promise.all(
    Object.entries(answers).map(async ([name, answer]) =>
      keep(
        `${name}.json`,
        JSON.stringify(
          await answer.catch((thrown: unknown) => ({ noAnswer: describeThrown(thrown) })),
          null,
          2,
        ),
      ),
    ),
  )
  await Promise.all(
    Object.entries(metricsPages(run)).map(async ([name, url]) => {
      const page = await send({ backend: name, url }).catch((thrown: unknown) => ({
        data: describeThrown(thrown),
      }))
      kept.push(keep(`metrics-${name}.txt`, String(page.data)))
    }),
  )
  const { folder } = run.environment
  const configuration = filesIn(join(folder, 'config')).map((file) =>
    keep(`config-${basename(file)}`, readFileSync(file, 'utf8')),
  )
  const logs = filesIn(join(folder, 'logs')).map((file) => keep(`log-${basename(file)}`, tail(file)))
  return [...kept, ...configuration, ...logs]
}

/** Remedies name counters of these; when somebody reads them the stack may be gone. */
function metricsPages({ environment }: Run): Record<string, string> {
  const { addresses } = environment
  return {
    alertmanager: `${addresses.alertmanager}/metrics`,
    loki: `${addresses.loki}/metrics`,
    prometheus: `${addresses.prometheus}/metrics`,
    ...(environment.capabilities.includes('traces') ? { tempo: `${addresses.tempo}/metrics` } : {}),
    collector: `${addresses.collectorMetrics}/metrics`,
  }
}

const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
        entry.isFile() ? [join(folder, entry.name)] : [],
      )
    : []

function tail(file: string): string {
  const { size } = statSync(file)
  const text = readFileSync(file, 'utf8')
  return size <= logTailBytes
    ? text
    : `… (the last ${logTailBytes} bytes of ${size})\n${text.slice(-logTailBytes)}`
}
