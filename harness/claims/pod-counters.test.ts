import { expect, test } from 'vitest'
import { podDouble } from './cluster-doubles.ts'
import { type AppOnPods, answersOn, type PodApi, PodCounters } from './pod-counters.ts'

const app: AppOnPods = {
  name: 'go',
  namespace: 'apps',
  pods: { labelSelector: 'app.kubernetes.io/name=go', port: 8080 },
}

/** An API server whose pods count; a test changes what they are and what they say. */
function cluster() {
  const pages = new Map<string, number | { status: number }>()
  const told = new Set<string>()
  const asked: string[] = []
  const api: PodApi = {
    list: async () =>
      [...pages.keys()].map((name) =>
        podDouble('go', {
          metadata: {
            name,
            uid: name,
            ...(told.has(name) ? { deletionTimestamp: '2026-11-25T20:00:00Z' } : {}),
          },
        }),
      ),
    raw: async (_, path) => {
      asked.push(path)
      const page = pages.get(/pods\/([^:]+):8080\/proxy\/metrics$/.exec(path)?.[1] ?? '')
      if (page === undefined || typeof page === 'object')
        return { status: page?.status ?? 404, data: 'no page' }
      return { status: 200, data: `requests{method="GET",route="/x",status="200"} ${page}\n` }
    },
  }
  const counters = new PodCounters(api, (page) => answersOn(page, 'requests'))
  return { pages, told, asked, counters, counted: async () => (await counters.counts(app)).get('GET /x 200') }
}

test('an app counts what all of its pods do', async () => {
  const { pages, counted } = cluster()
  pages.set('a', 5).set('b', 7)
  expect(await counted()).toBe(12)
})

test('a pod that has gone counts with its last word', async () => {
  const { pages, counted } = cluster()
  pages.set('a', 5).set('b', 7)
  await counted()
  pages.delete('b')
  pages.set('a', 6)
  expect(await counted()).toBe(13)
})

test('a container that was started again adds to what it had counted before', async () => {
  const { pages, counted } = cluster()
  pages.set('a', 5)
  await counted()
  pages.set('a', 2)
  expect(await counted()).toBe(7)
  pages.set('a', 3)
  expect(await counted()).toBe(8)
})

test('the last word of a pod that was told to end is read while nobody asks', async () => {
  const { pages, told, counters, counted } = cluster()
  pages.set('a', 5).set('b', 7)
  await counted()
  told.add('b')
  pages.set('b', 9)
  const ending = new AbortController()
  const following = counters.followEnding([app], ending.signal)
  await Promise.resolve()
  ending.abort()
  await following
  pages.delete('b')
  expect(await counted()).toBe(14)
})

test('a pod that ends and answers no more keeps what it said; a ready one that does not answer is an error', async () => {
  const { pages, told, counted } = cluster()
  pages.set('a', 5).set('b', 7)
  await counted()
  told.add('b')
  pages.set('b', { status: 503 })
  expect(await counted()).toBe(12)
  pages.set('a', { status: 503 })
  await expect(counted()).rejects.toThrow(/BACKEND_UNREACHABLE.*the ready pod apps\/a[\s\S]*seen: 503/)
})

test('an app without a pod has counted nothing that could be believed', async () => {
  const { counted } = cluster()
  await expect(counted()).rejects.toMatchObject({ code: 'BACKEND_UNREACHABLE' })
})
