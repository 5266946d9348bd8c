import { createServer } from 'node:net'
import { join } from 'node:path'
import { eventually, found, notYet } from '../../harness/core/eventually.ts'
import { send } from '../../harness/core/http.ts'
import { claimPortBlock, loopback } from '../../harness/environments/process/port-block.ts'
import { prepareGoApp, preparePythonApp } from '../../harness/toolchain/app-builds.ts'
import { runTethered } from '../../harness/toolchain/tethered-command.ts'
import type { Api } from './api-answer.ts'

/** Both APIs as real processes, for as long as the block that holds this lasts. */
export interface ApiProcesses extends AsyncDisposable {
  readonly apis: readonly [Api, Api]
}

const readyWithinMs = 60_000

/** Builds what is not built, and starts both APIs on free ports. Should this process die, they die with it. */
export async function startApis(root: string, dataFile: string): Promise<ApiProcesses> {
  const [go, python] = await Promise.all([prepareGoApp(root), preparePythonApp(root)])
  // Held open for as long as the APIs run, so that nobody else is given these ports.
  const anchor = createServer()
  const [pythonPort, goPort] = (await claimPortBlock(anchor))?.ports ?? []
  if (pythonPort === undefined || goPort === undefined) throw new Error('expected free ports; seen none')

  const ending = new AbortController()
  const running: Promise<void>[] = []
  const end = async () => {
    ending.abort()
    await Promise.all(running)
    await new Promise((resolve) => anchor.close(resolve))
  }
  const start = (api: Api, program: string, args: readonly string[], more: Record<string, string>) => {
    const ended = runTethered({
      program,
      args,
      cwd: join(root, 'apps'),
      environment: {
        PATH: '/usr/bin:/bin',
        LISTEN_ADDRESS: `${loopback}:${api.port}`,
        SCHEDULE_DATA_FILE: dataFile,
        ...more,
      },
      signal: ending.signal,
    }).then(({ exitCode, lastLines }) => {
      throw new Error(`${api.name} ended with ${exitCode}: ${lastLines.join('\n')}`)
    })
    running.push(ended.catch(() => {}))
    return Promise.race([ended, isReady(api, ending.signal)])
  }

  const apis = [
    { name: 'v1 (Python)', version: 'v1', port: pythonPort },
    { name: 'v2 (Go)', version: 'v2', port: goPort },
  ] as const
  try {
    await Promise.all([
      start(apis[0], python.command, ['-m', 'available_schedules'], {
        PYTHONPATH: join(root, 'apps', 'available-schedules-python'),
        PYTHONDONTWRITEBYTECODE: '1',
      }),
      start(apis[1], go.command, [], {}),
    ])
  } catch (thrown) {
    await end()
    throw thrown
  }
  return { apis, [Symbol.asyncDispose]: end }
}

async function isReady({ name, port }: Api, signal: AbortSignal): Promise<void> {
  await eventually(
    `${name} to be ready`,
    async (lookSignal) => {
      const url = `http://${loopback}:${port}/readyz`
      const { status } = await send({ backend: name, url, signal: lookSignal })
      return status === 200 ? found(status) : notYet(`status ${status}`)
    },
    { withinMs: readyWithinMs, remedy: 'start it by hand, as its README says', signal },
  )
}
