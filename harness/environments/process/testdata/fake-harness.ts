/**
 * A harness to be killed. Goes as far as it is told, says `reached` and then does nothing for ever. Every event is a
 * line of JSON on standard output.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startSupervisor } from '../supervisor-client.ts'
import { fakePlan } from './fake-plan.ts'

export interface FakeHarnessOptions {
  readonly folder: string
  readonly until: 'claimed' | 'starting' | 'ready' | 'kept'
}

const { folder, until } = JSON.parse(process.argv[2] ?? '{}') as FakeHarnessOptions
const say = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`)

mkdirSync(join(folder, 'data'), { recursive: true })
writeFileSync(join(folder, 'data', 'chunk'), 'of a store')
const readerStarted = Promise.withResolvers<void>()
const supervisor = await startSupervisor({
  folder,
  onEvent: (event) => {
    say(event)
    if (event.kind === 'started' && event.name === 'reader') readerStarted.resolve()
  },
})
say({ kind: 'supervised', pid: supervisor.pid, ports: [supervisor.anchorPort, ...supervisor.ports] })
if (until !== 'claimed') {
  const [first, second] = supervisor.ports
  const started = supervisor.start([
    fakePlan('store', folder, first, { stubbornChild: true }),
    fakePlan('reader', folder, second, {
      needs: ['store'],
      logs: 'cri',
      stubbornChild: true,
      ...(until === 'starting' && { readyWhen: join(folder, 'never') }),
    }),
  ])
  await (until === 'starting' ? readerStarted.promise : started)
}
if (until === 'kept') {
  const { keepEnvironment } = await import('../kept-environment.ts')
  await keepEnvironment(folder, supervisor, { digest: 'of this plan', endpoints: { store: supervisor.ports[0] } })
}
say({ kind: 'reached' })
// Should a test fail to end it, it ends itself.
setTimeout(() => process.exit(1), 120_000)
