import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from '../config/load-config.ts'
import { parseSetOption } from '../config/set-option.ts'
import { requireReadableDashboards } from './readable-dashboards.ts'

const project = await loadConfig(join(import.meta.dirname, '..', '..'))

test('dashboards of git, and with an edit that leaves them dashboards, are taken', () => {
  requireReadableDashboards(project, [])
  requireReadableDashboards(project, [parseSetOption('dashboards:app-latency.title=Mine')])
})

test.each([
  ['dashboards:x=1', 'number'],
  ['dashboards:app-latency={uid: app-latency}', 'an object with uid'],
])('%s is refused before anything is started, with the option that made it', (text, seen) => {
  expect(() => requireReadableDashboards(project, [parseSetOption(text)])).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      account: expect.objectContaining({
        seen: expect.stringContaining(seen),
        where: expect.stringContaining(`--set ${text}`),
      }),
    }),
  )
})

test('a panel that has to show a fault and is in no dashboard is refused, with the panels that are there', () => {
  const without = [parseSetOption('dashboards:app-latency.panels=[{title: Requests, type: timeseries}]')]
  expect(() => requireReadableDashboards(project, without)).toThrow(
    /expected a panel ".+" in the dashboard app-latency\n.*showServerErrors\n.*seen: Requests/s,
  )
})
