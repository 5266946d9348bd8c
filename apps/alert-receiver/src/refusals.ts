import type { SwitchKind } from '../../node-service/src/switch-admin.ts'
import { SwitchBoard } from '../../node-service/src/switch-board.ts'
import { always, integerField } from '../../node-service/src/switch-fields.ts'
import { utcText } from '../../node-service/src/utc-time.ts'
import { receiverForm, receiverName } from './webhook.ts'

/** What Alertmanager gives up on (400) and what it tries again (the others). */
export const refusalStatuses: readonly number[] = [400, 429, 500, 502, 503, 504]

interface Refusal {
  readonly receiver: string
  readonly status: number
  readonly arrivalsMs: number[]
}

/** The refusals that are asked of the receiver. */
export class Refusals {
  readonly board = new SwitchBoard<Refusal>()

  /** The status to refuse this notification with, already counted; undefined when it is to be taken. */
  take(receiver: string, arrivedAtMs: number): number | undefined {
    const found = this.board.firstActive((refusal) => refusal.receiver === receiver)
    if (found === undefined) return undefined
    found.use()
    found.what.arrivalsMs.push(arrivedAtMs)
    return found.what.status
  }
}

/** The count cannot be left out: a report holds the arrival of every notification that was refused. */
export const refusalKind: SwitchKind<Refusal> = {
  noun: 'refusal',
  fields: [
    {
      field: 'receiver',
      required: always,
      code: 'not_a_name',
      detail: `must be ${receiverForm}`,
      accepts: (value) => receiverName.safeParse(value).success,
    },
    {
      field: 'status',
      required: always,
      code: 'not_allowed',
      detail: `must be one of ${refusalStatuses.join(', ')}`,
      accepts: (value, source) => /^\d+$/.test(source) && refusalStatuses.includes(Number(value)),
    },
    { ...integerField('count', 1, 10_000), required: always },
    { ...integerField('expires_in_ms', 1, 600_000), required: always },
  ],
  build: ({ receiver, status, count, expires_in_ms }) => ({
    what: { receiver: String(receiver), status: Number(status), arrivalsMs: [] },
    limits: { count: Number(count), expiresInMs: Number(expires_in_ms) },
  }),
  report: ({ id, what, limits, state, used, createdAtMs, expiresAtMs }) => ({
    id,
    receiver: what.receiver,
    status: what.status,
    count: limits.count,
    state,
    refused: used,
    arrivals_ms: what.arrivalsMs,
    created_at: utcText(createdAtMs),
    expires_at: utcText(expiresAtMs),
  }),
}
