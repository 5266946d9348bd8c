import { join } from 'node:path'
import { SignalproofError } from '../../core/signalproof-error.ts'
import type { RunningEnvironment } from '../contract.ts'
import type { EnvironmentHome, OpenedEnvironment, OpenRequest } from '../home.ts'
import { findKeptEnvironment, keepEnvironment } from './kept-environment.ts'
import { prepareCommands } from './process-commands.ts'
import { beginProcessEnvironment, digestOf, renderProductionDocuments } from './process-environment.ts'
import { untilItFails, whyItEnds } from './unasked-end.ts'

/** The stack as child processes of this machine. */
export const processHome: EnvironmentHome = { kind: 'process', open }

/** @throws SignalproofError of the toolchain, the rendering or the supervisor; ENV_KEPT_RUNNING */
async function open(wanted: OpenRequest): Promise<OpenedEnvironment> {
  const { project, signal, progress, startedAt } = wanted
  const prepared = await prepareCommands(project.root, {
    ...(signal === undefined ? {} : { signal }),
    ...(progress === undefined ? {} : { progress }),
  })
  const request = { project, profile: wanted.profile, set: wanted.set, ...prepared, startedAt }
  const productionDocuments = renderProductionDocuments(request)
  const digest = digestOf(request)
  const kept = await findKeptEnvironment(project.root)
  if (wanted.keep && kept.kind === 'running' && kept.state.digest !== digest)
    throw otherIsKept(kept.state.startedAt)
  wanted.startFolder()
  if (kept.kind === 'running' && kept.state.digest === digest) {
    const environment = { ...(kept.state.endpoints as RunningEnvironment), kept: true, startedAt }
    const { anchorPort, token } = kept.state
    return {
      environment,
      productionDocuments,
      settled: async () => {
        const why = await whyItEnds({ anchorPort, token })
        if (why !== null) wanted.onFailed(`the kept environment is going down: ${why}`)
      },
      close: async () => {},
    }
  }

  const { environment, supervisor } = await beginProcessEnvironment({
    ...request,
    folder: join(wanted.folder, 'environment'),
    ...(signal === undefined ? {} : { signal }),
  })
  let closing = false
  const failed = untilItFails(supervisor).then((message) => {
    if (!closing && signal?.aborted !== true) wanted.onFailed(message)
  })
  return {
    environment,
    productionDocuments,
    settled: async () => {
      if ((await whyItEnds(supervisor)) !== null) await failed
    },
    close: async () => {
      closing = true
      if (!wanted.keep) return await supervisor.stop()
      try {
        await keepEnvironment(project.root, supervisor, { digest, endpoints: environment })
      } catch (thrown) {
        await supervisor.stop()
        throw thrown
      }
    },
  }
}

const otherIsKept = (since: string): SignalproofError =>
  new SignalproofError('ENV_KEPT_RUNNING', {
    expected: 'no other environment to be kept, since this one shall be',
    seen: `one of another configuration, up since ${since}`,
    remedy: '`signalproof down` ends it; or leave --keep out',
  })
