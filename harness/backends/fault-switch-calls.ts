import type { DeclaredCall } from '../core/declared-call.ts'

/** What is asked of an app's fault switch (apps/contract/fault-switch.yaml). */
export const faultSwitchCalls = [
  'GET /faults',
  'POST /faults',
  'GET /faults/{id}',
  'DELETE /faults/{id}',
] as const satisfies readonly DeclaredCall[]
