import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ImageConfig } from './image-archive.ts'
import { user } from './image-user.ts'

/** How the apps start. Their Dockerfiles say the same, for those who build the images by them. */

/** This file's own extension: `.ts` in the repository, where Node strips the types, `.js` in the published package. */
export const sourceExtension = extname(fileURLToPath(import.meta.url))

const serves = (config: Pick<ImageConfig, 'Entrypoint' | 'Env'>): ImageConfig => ({
  ...config,
  Env: ['PATH=/usr/local/bin:/usr/bin:/bin', 'LISTEN_ADDRESS=0.0.0.0:8080', ...(config.Env ?? [])],
  WorkingDir: '/app',
  User: user,
  ExposedPorts: { '8080/tcp': {} },
})

const nodeApp = (app: string, environment: readonly string[] = []) =>
  serves({
    Entrypoint: ['node', `/app/apps/${app}/src/main${sourceExtension}`],
    Env: ['NODE_ENV=production', ...environment],
  })

/** Where the requirements of the app in Python lie, whichever Python it is. */
export const pythonPackages = '/app/packages'

export const appConfigs = {
  'available-schedules-go': serves({
    Entrypoint: ['/available-schedules-go'],
    Env: ['SCHEDULE_DATA_FILE=/schedules.json'],
  }),
  'available-schedules-python': serves({
    Entrypoint: ['python3', '-m', 'available_schedules'],
    Env: [
      'LANG=C.UTF-8',
      'SCHEDULE_DATA_FILE=/app/schedules.json',
      'PYTHONDONTWRITEBYTECODE=1',
      `PYTHONPATH=${pythonPackages}`,
    ],
  }),
  frontend: nodeApp('frontend', ['SCHEDULE_DATA_FILE=/app/schedules.json', 'RUNBOOKS_FOLDER=/app/runbooks']),
  'alert-receiver': nodeApp('alert-receiver'),
} as const

export type AppName = keyof typeof appConfigs

export const appRecipe = (app: AppName) => ({
  name: app,
  reference: `signalproof/${app}:{id}`,
  source: `apps/${app} of this checkout`,
  config: appConfigs[app],
})
