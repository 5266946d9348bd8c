import { join } from 'node:path'
import type { SignalproofConfig } from '../config/config-schema.ts'
import type { StackDocuments } from '../config/stack-documents.ts'
import type { RunningEnvironment } from '../environments/contract.ts'
import type { ClaimRow } from './claim-row.ts'
import type { RunSeed } from './run.ts'

/** A row `layer.name` that needs these; the reason of each need says which one it is. */
export const rowDouble = (id: string, ...needs: readonly string[]): ClaimRow => ({
  id,
  layer: id.split('.')[0] ?? '',
  title: `the sentence of ${id}`,
  needs: needs.map((need) => ({ id: need, because: `${id} cannot be judged without ${need}` })),
  remedy: `mend ${id}`,
})

export const faultToken = 'the-token-of-every-fault'
export const supervisorToken = 'the-token-of-the-supervisor'

/** What a run is started with, on a stack at which nobody answers. */
export function seedDouble(folder: string, environment: Partial<RunningEnvironment> = {}): RunSeed {
  const nobody = 'http://127.0.0.1:9'
  return {
    runId: `run-of-${folder.split('/').at(-1)}`,
    folder,
    config: { ingress: { host: 'dev.local' }, apps: [] } as unknown as SignalproofConfig,
    productionDocuments: {} as StackDocuments,
    alertsInGit: { logs: [], metrics: [] },
    environment: {
      kind: 'process',
      profile: 'fast',
      digest: 'd1',
      id: 'e1',
      folder: join(folder, 'environment'),
      startedAt: 1_000,
      kept: false,
      addresses: {
        prometheus: nobody,
        loki: nobody,
        tempo: nobody,
        alertmanager: nobody,
        alertmanagerNaive: nobody,
        ingress: nobody,
        alertReceiver: nobody,
        alertReceiverSwitch: nobody,
        collectorHealth: nobody,
        collectorMetrics: nobody,
      },
      apps: [],
      supervisor: { url: nobody, token: supervisorToken },
      readyWithinMs: 100,
      faultToken,
      capabilities: ['app-faults'],
      components: [],
      set: [],
      collectorConfiguration: {},
      appVariables: {},
      faultDefaults: {},
      ...environment,
    },
  }
}
