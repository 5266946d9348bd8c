import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ComponentPlan } from '../supervisor-protocol.ts'
import type { FakeComponentOptions } from './fake-component.ts'

const program = fileURLToPath(new URL('./fake-component.ts', import.meta.url))
const cache = fileURLToPath(new URL('../../../../node_modules/.cache/supervisor', import.meta.url))

export interface FakePlanOptions extends Omit<FakeComponentOptions, 'port' | 'folder'> {
  readonly needs?: readonly string[]
  readonly logs?: 'plain' | 'cri'
  readonly readyWithinMs?: number
  readonly stopWithinMs?: number
}

/** The plan of one fake component that listens on `port`. */
export function fakePlan(name: string, folder: string, port: number | undefined, options: FakePlanOptions = {}): ComponentPlan {
  if (port === undefined) throw new Error(`no port for ${name}`)
  const { needs = [], logs = 'plain', readyWithinMs = 10_000, stopWithinMs = 100, ...fake } = options
  const file = join(folder, 'logs', `${name}.log`)
  return {
    name,
    command: process.execPath,
    args: [program, JSON.stringify({ port, folder, ...fake } satisfies FakeComponentOptions)],
    env: { PATH: process.env.PATH ?? '', NODE_COMPILE_CACHE: cache },
    cwd: folder,
    needs,
    ready: { url: `http://127.0.0.1:${port}/ready`, withinMs: readyWithinMs },
    logs: { kind: logs, file },
    stopWithinMs,
  }
}
