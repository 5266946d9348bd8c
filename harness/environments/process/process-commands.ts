import { existsSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepareGoApp, preparePythonApp } from '../../toolchain/app-builds.ts'
import { installComponents } from '../../toolchain/install-components.ts'
import type { InstallProgress } from '../../toolchain/install-progress.ts'
import type { ComponentFact } from '../contract.ts'
import type { ProcessCommands } from './process-components.ts'

/** Finds or makes everything that the process environment starts. */

export interface PreparedCommands {
  readonly commands: ProcessCommands
  readonly components: readonly ComponentFact[]
}

const names = ['prometheus', 'loki', 'tempo', 'alertmanager', 'otelcol', 'traefik'] as const

/** This file's own extension: `.ts` in the repository, `.js` in the published package. */
const sourceExtension = extname(fileURLToPath(import.meta.url))

export async function prepareCommands(
  root: string,
  options: { signal?: AbortSignal; progress?: InstallProgress } = {},
): Promise<PreparedCommands> {
  const [found, goApp, pythonApp] = await Promise.all([
    installComponents(names, options),
    prepareGoApp(root, options),
    preparePythonApp(root, options),
  ])
  const [prometheus, loki, tempo, alertmanager, otelcol, traefik] = found.map(({ location }) => location) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  return {
    commands: {
      prometheus,
      loki,
      tempo,
      alertmanager,
      otelcol,
      traefik,
      node: process.execPath,
      nodeCompileCache: join(root, 'node_modules', '.cache', 'node-apps'),
      nodeApp: (app) => nodeAppMain(root, app),
      goApp: goApp.command,
      pythonApp: {
        python: pythonApp.command,
        folder: join(root, 'apps', 'available-schedules-python'),
        module: 'available_schedules',
      },
      scheduleData: join(root, 'apps', 'contract', 'schedules.json'),
      runbooks: join(root, 'alerts', 'runbooks'),
    },
    components: found.map(({ name, version, provenance, location }) => ({
      name,
      version,
      provenance,
      location,
    })),
  }
}

/** Node does not strip types below node_modules, so the package carries the two apps compiled. */
function nodeAppMain(root: string, app: string): string {
  const source = join(root, 'apps', app, 'src', `main${sourceExtension}`)
  return existsSync(source) ? source : join(dirname(root), 'apps', app, 'src', 'main.js')
}
