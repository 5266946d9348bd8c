import { SignalproofError } from '../../core/signalproof-error.ts'
import type { ComponentPlan } from './supervisor-protocol.ts'

/**
 * Refuses a plan whose components could never all start, before anything is started.
 * @throws SignalproofError INTERNAL with the place in the plan
 */
export function checkPlan(components: readonly ComponentPlan[]): void {
  if (components.length === 0) refuse('at least one component', 'none', 'components')
  const names = components.map(({ name }) => name)
  const startable = new Set<string>()
  for (const [index, { name, needs }] of components.entries()) {
    if (names.indexOf(name) !== index) refuse('every name once', `${name} twice`, `components[${index}].name`)
    const unknown = needs.find((need) => !names.includes(need))
    if (unknown !== undefined) refuse('needs that are in the plan', unknown, `components[${index}].needs`)
  }
  for (;;) {
    const waiting = components.filter(({ name }) => !startable.has(name))
    const next = waiting.filter(({ needs }) => needs.every((need) => startable.has(need)))
    if (waiting.length === 0) return
    if (next.length === 0) {
      refuse(
        'an order in which all can start',
        `${waiting.map(({ name }) => name).join(', ')} wait for each other`,
        'components',
      )
    }
    for (const { name } of next) startable.add(name)
  }
}

function refuse(expected: string, seen: string, where: string): never {
  throw new SignalproofError('INTERNAL', {
    expected: `the plan of an environment to have ${expected}`,
    seen,
    where,
    remedy: 'correct the code that makes the plan',
  })
}
