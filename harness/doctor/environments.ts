import { createServer } from 'node:http'
import { claimPortBlock } from '../environments/process/port-block.ts'
import { findProgram } from '../toolchain/program-path.ts'
import { lastLineOf } from './ask-tool.ts'
import type { Check } from './doctor-report.ts'
import type { Surroundings } from './surroundings.ts'

/** The ports that the process environment takes, and which cluster `--env cluster` would ask. */

export async function checkPorts(): Promise<Check> {
  const anchor = createServer()
  const block = await claimPortBlock(anchor)
  await new Promise((resolve) => anchor.close(resolve))
  const base = { name: 'ports', area: 'needed' } as const
  return block === undefined
    ? {
        ...base,
        state: 'blocking',
        seen: 'no free block of 40 ports on 127.0.0.1',
        remedy: 'end what listens on 127.0.0.1:20000 to 32760',
      }
    : { ...base, state: 'ready', seen: `free on 127.0.0.1 from ${block.anchorPort}`, remedy: null }
}

export async function checkCluster({ environment }: Surroundings): Promise<Check> {
  const base = { name: 'your cluster', area: 'environments' } as const
  const kubectl = findProgram('kubectl', environment)
  if (kubectl === undefined)
    return {
      ...base,
      state: 'lacking',
      seen: 'no kubectl on PATH, so its context was not asked; a kubeconfig is all that is needed',
      remedy: 'install kubectl, or name the context: --env cluster --context NAME',
    }
  // It reads a file only; no cluster is asked.
  const context = await lastLineOf(kubectl, ['config', 'current-context'], environment)
  return context.value === undefined
    ? {
        ...base,
        state: 'lacking',
        seen: `${kubectl}: ${context.why}`,
        remedy: 'kubectl config use-context NAME, or --env cluster --context NAME',
      }
    : { ...base, state: 'ready', seen: `the context is ${context.value}`, remedy: null }
}
