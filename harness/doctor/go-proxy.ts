import type { PublishedModule } from '../toolchain/component-pin.ts'
import { findProgram } from '../toolchain/program-path.ts'
import { lastLineOf } from './ask-tool.ts'
import { askFor, type Reached } from './reachability.ts'
import type { Surroundings } from './surroundings.ts'

/**
 * Whether the first proxy of Go modules has the module that a component is compiled from. It decides nothing: behind
 * it there may be another proxy, or the module's own repository.
 */
export async function askGoProxy(
  { environment }: Surroundings,
  { module, moduleVersion }: PublishedModule,
): Promise<Reached[]> {
  const go = findProgram('go', environment)
  if (go === undefined) return []
  const setting = await lastLineOf(go, ['env', 'GOPROXY'], { ...environment, GOTOOLCHAIN: 'local' })
  const proxy = setting.value?.split(/[,|]/)[0] ?? ''
  if (URL.parse(proxy)?.protocol.startsWith('http') !== true) return []
  return [await askFor(`${proxy.replace(/\/+$/, '')}/${module}/@v/${moduleVersion}.mod`)]
}
