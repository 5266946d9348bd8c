import type { RunResult } from '../run-result.ts'

/**
 * What GitHub shows beside a workflow's run: an error a broken claim, the first one first; a notice for claims that were
 * skipped, one a reason. GitHub shows ten of each kind at most, so nothing is repeated.
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function writeAnnotations(result: RunResult): string {
  if (result.verdict === 'invalid') {
    return command('error', 'invalid: nothing is said about the stack', result.invalidBecause ?? '')
  }
  const broken = result.claims.filter(({ verdict }) => verdict === 'broken')
  const first = broken.filter(({ id }) => id === result.firstBroken)
  const others = broken.filter(({ id }) => id !== result.firstBroken)
  const skipped = Map.groupBy(
    result.claims.filter(({ verdict }) => verdict === 'skipped'),
    ({ reason }) => reason ?? 'no reason is known',
  )
  return [
    ...[...first, ...others].map(({ id, title, reason }) =>
      command('error', `${id} is broken`, `${title}\n${reason ?? ''}`),
    ),
    ...[...skipped].map(([reason, of]) =>
      command('notice', `${of.length} skipped`, `${reason}: ${of.map(({ id }) => id).join(', ')}`),
    ),
  ].join('')
}

const command = (level: 'error' | 'notice', title: string, message: string): string =>
  `::${level} title=${property(title)}::${data(message)}\n`

const data = (raw: string): string =>
  raw.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

const property = (raw: string): string => data(raw).replaceAll(':', '%3A').replaceAll(',', '%2C')
