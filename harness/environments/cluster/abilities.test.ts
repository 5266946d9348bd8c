import { expect, test } from 'vitest'
import { abilitiesOf } from './abilities.ts'
import { openSection, sectionDouble } from './cluster-section-double.ts'

test('who allows nothing is only read', () => {
  const { capabilities, lacks } = abilitiesOf(sectionDouble())
  expect(capabilities).toEqual(['metrics', 'logs', 'alerts'])
  expect(lacks.traffic).toContain('`cluster.allow` does not name traffic')
  expect(lacks.traces).toBe(
    'signalproof.config.ts does not state `cluster.services.tempo`, where traces would be asked for',
  )
  expect(lacks.notifications).toContain('`cluster.services.alertReceiver`')
  expect(lacks.kubernetes).toContain('`cluster.namespaces`')
})

test('a stack of others is never broken and its objects never changed, whatever is allowed', () => {
  const { capabilities } = abilitiesOf(openSection())
  expect(capabilities).toEqual([
    'metrics',
    'logs',
    'traces',
    'alerts',
    'traffic',
    'sole-traffic',
    'app-faults',
    'notifications',
    'kubernetes',
  ])
})

test('counts are compared only where nobody else sends requests', () => {
  expect(abilitiesOf({ ...openSection(), soleTraffic: false }).capabilities).not.toContain('sole-traffic')
  expect(abilitiesOf({ ...sectionDouble(), soleTraffic: true }).capabilities).not.toContain('sole-traffic')
})
