import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startSupervisor } from './supervisor-client.ts'
import type { SupervisorEvent } from './supervisor-protocol.ts'
import { fakePlan } from './testdata/fake-plan.ts'
import { untilItFails, whyItEnds } from './unasked-end.ts'

// The supervisor's own limits say what they last saw.
vi.setConfig({ testTimeout: 60_000 })

/** An environment of two components; `reader` cannot react to SIGTERM, so it is waited for as long as it may take. */
async function environment() {
  const folder = mkdtempSync(join(tmpdir(), 'signalproof-unasked-end-'))
  mkdirSync(join(folder, 'data'))
  const events: SupervisorEvent[] = []
  const supervisor = await startSupervisor({ folder, onEvent: (event) => events.push(event) })
  onTestFinished(async () => {
    await supervisor.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const [store, reader] = supervisor.ports
  await supervisor.start([
    fakePlan('store', folder, store),
    fakePlan('reader', folder, reader, { logs: 'cri' }),
  ])
  const started = events.find((event) => event.kind === 'started' && event.name === 'reader')
  return {
    supervisor,
    hasStopped: () => events.some(({ kind }) => kind === 'stopped'),
    failsSlowly: async () => {
      process.kill(started?.kind === 'started' ? started.pid : 0, 'SIGSTOP')
      await fetch(`http://127.0.0.1:${store}/exit?code=4`)
    },
  }
}

test('that a component died is told while the others still take their time to end', async () => {
  const { supervisor, hasStopped, failsSlowly } = await environment()
  await failsSlowly()
  expect(await untilItFails(supervisor)).toMatch(
    /^ENV_COMPONENT_DIED: expected store to run.*\n.*seen: it ended with exit code 4/,
  )
  expect(hasStopped()).toBe(false)
})

test('whoever asks at the end of a run hears that the environment lasts, or why it ends', async () => {
  const { supervisor, failsSlowly } = await environment()
  expect(await whyItEnds(supervisor)).toBeNull()
  await failsSlowly()
  await supervisor.failed
  expect(await whyItEnds(supervisor)).toMatch(/failed/)
  await supervisor.ended
  expect(await whyItEnds(supervisor), 'nobody answers any more').toMatch(/^BACKEND_UNREACHABLE/)
})
