import { expect, test } from 'vitest'
import { defaultRoutes } from '../../load/routes.ts'
import config from '../../signalproof.config.ts'
import { configSchema } from '../config/config-schema.ts'
import { loadRoutes } from './load-routes.ts'

test('what `k6 run` asks for by itself is what the configuration knows to be answered well', () => {
  const routes = loadRoutes(configSchema.parse(config))
  expect(routes.length).toBeGreaterThan(0)
  expect(defaultRoutes).toEqual(routes)
})
