import { expect, test } from 'vitest'
import { backendDouble } from '../../core/backend-double.ts'
import { reachThroughIngress } from './ingress-routes.ts'

const app = (
  name: string,
  causes: { app: string; method: string; route: string; status: number }[] = [],
) => ({
  name,
  namespace: 'apps',
  good: [{ method: 'GET' as const, path: `/${name}`, route: `/${name}`, status: 200, causes }],
  otherAnswers: [],
  faultStatuses: [],
})
const asks = app('asks', [{ app: 'answers', method: 'GET', route: '/answers', status: 200 }])
const config = { ingress: { host: 'dev.local' }, apps: [asks, app('answers')] }

test('asks an app that asks others when those answer already', async () => {
  let looks = 0
  await using ingress = await backendDouble((_, response) => {
    looks += 1
    response.writeHead(looks === 1 ? 404 : 200).end()
  })
  await reachThroughIngress(config, ingress.url, { withinMs: 5_000 })
  expect(ingress.asked.map(({ path, headers }) => `${headers.host}${path}`)).toEqual([
    'dev.local/answers',
    'dev.local/answers',
    'dev.local/asks',
  ])
})

test('names the app whose route does not come, with what is answered', async () => {
  await using ingress = await backendDouble((_, response) => void response.writeHead(404).end())
  await expect(reachThroughIngress(config, ingress.url, { withinMs: 150 })).rejects.toThrow(
    /WAIT_TIMEOUT: expected answers to answer \/answers through the ingress with 200.*404/s,
  )
})
