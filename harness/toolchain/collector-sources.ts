import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { collectorManifest } from './collector-manifest.ts'
import type { CollectorBuild } from './component-pin.ts'
import {
  buildEnvironment,
  commandFailed,
  compilePackages,
  copyModule,
  type FetchedModule,
  fetchLocalModule,
  loadPackages,
} from './go-module-build.ts'
import type { InstallJob } from './install-job.ts'
import { modulesFolder } from './module-files.ts'
import { runTethered } from './tethered-command.ts'

/**
 * Builds the pinned collector builder, lets it write the collector's main package from our manifest, and fetches what
 * that needs. The go.mod and go.sum it writes give way to ours, which pin every module.
 * Throws as fetchGoModule and compileModule do.
 */
export async function fetchCollectorModule(
  job: InstallJob,
  { builder }: CollectorBuild,
): Promise<FetchedModule> {
  const packages = [builder.module]
  const builderModule = await copyModule(job, builder.name)
  await loadPackages(job, builderModule, packages, [])
  const program = join(job.work, 'builder')
  await compilePackages(job, builderModule, { packages, tags: [], linkerFlags: [], into: program })

  const written = await runTethered({
    program,
    args: ['--config', collectorManifest(job.pin.name), '--skip-get-modules', '--skip-compilation'],
    cwd: job.work,
    environment: buildEnvironment(job),
    signal: job.signal,
  })
  if (written.exitCode !== 0)
    throw commandFailed(job, 'TOOL_BUILD_FAILED', 'the sources that the builder writes', written)
  const sources = join(job.work, 'out')
  for (const file of ['go.mod', 'go.sum'])
    await cp(join(modulesFolder, job.pin.name, file), join(sources, file))
  return await fetchLocalModule(job, sources, `sources written by ${builder.module} ${builder.moduleVersion}`)
}
