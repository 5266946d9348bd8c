import { expect, test } from 'vitest'
import { backendDouble } from '../core/backend-double.ts'
import { Alertmanager } from './alertmanager.ts'

const moments = { startsAt: '2026-11-23T08:00:00Z', endsAt: '2026-11-23T08:05:00Z' }
const alert = {
  labels: { alertname: 'A' },
  annotations: { summary: 's' },
  ...moments,
  updatedAt: '2026-11-23T08:00:01.5Z',
  fingerprint: 'f1',
  status: { state: 'suppressed', inhibitedBy: ['f2'], silencedBy: [] },
  receivers: [{ name: 'ticket' }],
}

test('reads the alerts that fit every matcher, inhibited ones included', async () => {
  await using server = await backendDouble([alert])
  const alerts = await new Alertmanager(server.url).alerts(['alertname="A"', 'route="/v1?x&y"'])
  expect(alerts).toEqual([alert])
  const [asked] = server.asked
  expect(asked?.path).toMatch(/^\/api\/v2\/alerts\?/)
  expect(asked?.query.getAll('filter')).toEqual(['alertname="A"', 'route="/v1?x&y"'])
  expect(asked?.query.get('inhibited') ?? 'true').toBe('true')
})

test('asks for all alerts where no matcher is given', async () => {
  await using server = await backendDouble([])
  expect(await new Alertmanager(server.url).alerts()).toEqual([])
  expect(server.asked[0]?.query.has('filter')).toBe(false)
})

test('reads the configuration in force and the version', async () => {
  await using server = await backendDouble({
    config: { original: 'route: {}\n' },
    versionInfo: { version: '0.31.1' },
  })
  const alertmanager = new Alertmanager(server.url)
  expect(await alertmanager.configYaml()).toBe('route: {}\n')
  expect(await alertmanager.version()).toBe('0.31.1')
})

test('refuses an alert in a state that Alertmanager does not have', async () => {
  await using server = await backendDouble([{ ...alert, status: { ...alert.status, state: 'muted' } }])
  await expect(new Alertmanager(server.url).alerts()).rejects.toMatchObject({
    code: 'BACKEND_BAD_ANSWER',
    account: { seen: expect.stringContaining('at 0.status.state in ') },
  })
})
