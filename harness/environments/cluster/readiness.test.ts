import { expect, test } from 'vitest'
import { backendDouble } from '../../core/backend-double.ts'
import { openSection, sectionDouble } from './cluster-section-double.ts'
import { readVersions } from './readiness.ts'

/** One server stands for all of them; each is asked in its own words. */
const answers: Readonly<Record<string, string>> = {
  '/api/v1/status/buildinfo': '{"status":"success","data":{"version":"3.16.0"}}',
  '/status/version': 'tempo, version 2.8.0 (branch: HEAD, revision: 1)\n',
}
const cluster = () =>
  backendDouble(({ path }, response) => {
    const answer = answers[path]
    const type = answer?.startsWith('{') === false ? 'text/plain' : 'application/json'
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': type }).end(answer ?? '{}')
  })

test('what runs in a cluster is told by its own word, and named where it does not tell', async () => {
  await using server = await cluster()
  expect(await readVersions(openSection().services, () => server.url)).toMatchObject([
    { name: 'prometheus', version: '3.16.0', location: 'Service monitoring/prometheus' },
    { name: 'loki', version: 'unknown' },
    { name: 'alertmanager', version: 'unknown' },
    { name: 'tempo', version: '2.8.0', location: 'Service monitoring/tempo' },
  ])
})

test('a Tempo that is not stated is not asked', async () => {
  await using server = await cluster()
  const told = await readVersions(sectionDouble().services, () => server.url)
  expect(told.map(({ name }) => name)).toEqual(['prometheus', 'loki', 'alertmanager'])
})
