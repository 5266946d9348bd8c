import { expect, test } from 'vitest'
import type { SignalproofConfig } from '../../config/config-schema.ts'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'
import { ClusterNodesDouble } from './cluster-nodes-double.ts'
import { readClusterStatus } from './cluster-status.ts'
import { keepIn } from './kept-state-double.ts'

const config = {} as SignalproofConfig

/** Its node was started and never says that it is ready. */
class NodesThatHang extends ClusterNodesDouble {
  readonly signals: (AbortSignal | undefined)[] = []

  override async reopen(
    _found: unknown,
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): Promise<never> {
    this.signals.push(signal)
    return await new Promise(() => {})
  }
}

test('a kept cluster that does not answer is unreachable after a moment, and is asked no more', async () => {
  using root = temporaryFolder()
  keepIn(root.path)
  const nodes = new NodesThatHang()
  nodes.add('abcd')

  const status = await readClusterStatus(root.path, nodes, config, 20)

  expect(status).toEqual({ kind: 'unreachable', container: 'container-abcd', why: 'no answer within 20 ms' })
  expect(nodes.signals.map((signal) => signal?.aborted)).toEqual([true])
})
