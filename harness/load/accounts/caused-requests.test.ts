import { expect, test } from 'vitest'
import type { WatchedApp } from '../../config/config-schema.ts'
import type { LoadRoute } from '../load-figures.ts'
import { answersOfApps, causedRequests } from './caused-requests.ts'

const api = { app: 'api', method: 'GET', route: '/v1', status: 200 }

const page = (causes: WatchedApp['good'][number]['causes'][]): WatchedApp => ({
  name: 'page',
  namespace: 'apps',
  good: causes.map((each, index) => ({
    method: 'GET',
    path: `/?${index}`,
    route: '/',
    status: 200,
    causes: each,
  })),
  otherAnswers: [],
  faultStatuses: [],
})

const routes = (paths: readonly string[], app = 'page', route = '/'): LoadRoute[] =>
  paths.map((path) => ({ app, route, method: 'GET', path }))

test('each answer of a page stands for the requests that it causes', () => {
  expect(
    causedRequests(
      [
        page([
          [api, api],
          [api, api],
        ]),
      ],
      routes(['/?0', '/?1']),
    ),
  ).toEqual([
    {
      from: { app: 'page', method: 'GET', route: '/', status: 200 },
      to: { app: 'api', method: 'GET', route: '/v1' },
      times: 2,
    },
  ])
})

test('a request that is not part of the load causes nothing', () => {
  expect(causedRequests([page([[api]])], routes(['/other']))).toEqual([])
})

test('requests of one route that cause different ones are refused, with the place', () => {
  expect(() => causedRequests([page([[api], []])], routes(['/?0', '/?1']))).toThrow(
    /CONFIG_INVALID.*the same `causes` for every good request of page to GET \/\n.*page\.good\n.*seen: 1 and 0 kinds/,
  )
})

test('an answer is of the app whose route was asked', () => {
  const answer = { method: 'GET', route: '/', status: 200, count: 3 }
  expect(answersOfApps([answer], routes(['/']))).toEqual([{ app: 'page', ...answer }])
})

test('an answer of a route that nobody asked for, or of one in two apps, is refused', () => {
  const answer = { method: 'GET', route: '/', status: 200, count: 3 }
  expect(() => answersOfApps([{ ...answer, route: '/x' }], routes(['/']))).toThrow(
    /INTERNAL.*GET \/\n.*3 answers of GET \/x/,
  )
  expect(() => answersOfApps([answer], [...routes(['/']), ...routes(['/'], 'other')])).toThrow(
    /CONFIG_INVALID[\s\S]*GET \/ in page and other/,
  )
})
