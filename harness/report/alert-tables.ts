import { styleText } from 'node:util'
import type { AlertRecord } from '../claims/claim-record.ts'
import { formatMs } from '../core/eventually.ts'
import { type IncidentNoise, writeNoise } from '../timeline/notification-noise.ts'
import type { RunResult } from './run-result.ts'

/** The two tables about alerts that a person reads: what became of each, and what people were told of each incident. */

/** Alert × fired × delivered × resolved, in seconds since the run began. */
export function writeAlertTable({
  alertTable,
  startedAt,
}: Pick<RunResult, 'alertTable' | 'startedAt'>): string {
  if (alertTable.length === 0) return ''
  const since = Date.parse(startedAt)
  const at = (moment: number | null) => (moment === null ? 'never' : formatMs(moment - since))
  const nameWidth = Math.max(...alertTable.map(({ alert }) => alert.length), 5)
  const receiverWidth = Math.max(...alertTable.map(({ receiver }) => receiver?.length ?? 1), 8)
  const row = (cells: readonly string[]) =>
    `  ${cells[0]?.padEnd(nameWidth)}  ${cells[1]?.padEnd(receiverWidth)}${cells
      .slice(2)
      .map((cell) => cell.padStart(11))
      .join('')}`
  const rowOf = ({ alert, receiver, firedAt, deliveredAt, resolvedAt }: AlertRecord) =>
    row([alert, receiver ?? '–', at(firedAt), at(deliveredAt), at(resolvedAt)])
  const head = row(['alert', 'receiver', 'fired', 'delivered', 'resolved'])
  return [
    styleText('bold', 'alerts, from the begin of the run'),
    styleText('gray', head),
    ...alertTable.map(rowOf),
  ].join('\n')
}

/** Notifications by incident, through naive routing and through ours. */
export function writeNoiseTable(incidents: readonly IncidentNoise[]): string {
  if (incidents.length === 0) return ''
  const [group = '', head = '', ...rows] = writeNoise(incidents)
  return [
    styleText('bold', 'what people were told'),
    ...[group, head].map((line) => styleText('gray', `  ${line}`)),
    ...rows.map((line) => `  ${line}`),
  ].join('\n')
}
