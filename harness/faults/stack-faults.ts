import { z } from 'zod'
import { send } from '../core/http.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import type { RunningEnvironment } from '../environments/contract.ts'
import type { StackFault, StackFaultRequest } from '../environments/process/supervisor-protocol.ts'

/** Breaks the stack itself, not an app: the environment's supervisor makes the fault and ends it by itself in time. */

export interface BegunStackFault {
  /** However often it is asked for; a fault that has run out has ended, too. */
  end(): Promise<void>
}

const begun = z.object({ id: z.string() })

/** On a cluster a fault may have to wait for pods that go or come. What it takes is part of no hop. */
const answerWithinMs = 120_000

/** @throws SignalproofError FAULT_REFUSED when there is nothing to break by it, BACKEND_UNREACHABLE */
export async function beginStackFault(
  { supervisor }: Pick<RunningEnvironment, 'supervisor'>,
  request: StackFaultRequest,
): Promise<BegunStackFault> {
  const { id } = begun.parse(await call(supervisor, 'POST', '/faults', request))
  let ended: Promise<unknown> | undefined
  return {
    end: async () => {
      ended ??= call(supervisor, 'DELETE', `/faults/${id}`)
      await ended
    },
  }
}

async function call(
  { url, token }: RunningEnvironment['supervisor'],
  method: 'POST' | 'DELETE',
  path: string,
  data?: StackFaultRequest,
): Promise<unknown> {
  const response = await send({
    backend: 'the supervisor',
    url: `${url}${path}`,
    method,
    headers: { authorization: `Bearer ${token}` },
    timeout: answerWithinMs,
    ...(data === undefined ? {} : { data }),
  })
  // A fault that has run out has ended, too.
  if (response.status < 300 || (method === 'DELETE' && response.status === 404)) return response.data
  throw new SignalproofError('FAULT_REFUSED', {
    expected: `the supervisor to take ${method} ${path}${describe(data?.fault)}`,
    seen: `${response.status} ${JSON.stringify(response.data)}`,
    remedy:
      'look at what the fault names: a link, a component or an app of this environment; and at supervisor.log',
  })
}

const describe = (fault: StackFault | undefined): string =>
  fault === undefined ? '' : ` of ${JSON.stringify(fault)}`
