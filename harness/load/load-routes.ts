import type { SignalproofConfig } from '../config/config-schema.ts'
import type { LoadRoute } from './load-figures.ts'

/** Every request that load is made of: what each app is known to answer well, the frontend's page among it. */
export const loadRoutes = ({ apps }: Pick<SignalproofConfig, 'apps'>): LoadRoute[] =>
  apps.flatMap(({ name, good }) =>
    good.map(({ method, route, path }) => ({ app: name, method, route, path })),
  )
