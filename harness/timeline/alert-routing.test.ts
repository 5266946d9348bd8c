import { expect, test } from 'vitest'
import { AlertRouting } from './alert-routing.ts'

const receivers = (route: unknown, labels: Record<string, string>): string[] =>
  new AlertRouting({ route }).routesFor(labels).map(({ receiver }) => receiver)

/** What `amtool config routes test` answers for these trees, worked out by hand. */
const tree = {
  receiver: 'default',
  routes: [
    {
      receiver: 'database',
      matchers: ['team="db"'],
      routes: [
        { receiver: 'database-page', matchers: ['severity="page"'] },
        { receiver: 'database-quiet', matchers: ['severity=~"info|none"'] },
      ],
    },
    { receiver: 'audit', matchers: ['audited="yes"'], continue: true },
    {
      matchers: ['app=~"shop-.*"'],
      continue: true,
      routes: [{ receiver: 'shop-page', matchers: ['severity="page"'] }],
    },
    { receiver: 'page', matchers: ['severity="page"', 'app!=""'] },
    { receiver: 'rest', matchers: ['severity!~"page|ticket"'] },
  ],
}

test.each<[Record<string, string>, string[]]>([
  [{ severity: 'ticket' }, ['default']],
  [{ team: 'db', severity: 'ticket' }, ['database']],
  [{ team: 'db', severity: 'page' }, ['database-page']],
  [{ team: 'db', severity: 'information' }, ['database']],
  [{ team: 'db', severity: 'info', audited: 'yes' }, ['database-quiet']],
  [{ severity: 'page', app: 'x', audited: 'yes' }, ['audit', 'page']],
  [{ severity: 'ticket', audited: 'yes' }, ['audit']],
  [{ severity: 'page', app: 'shop-web' }, ['shop-page', 'page']],
  [{ severity: 'ticket', app: 'shop-web' }, ['default']],
  [{ severity: 'ticket', app: 'my-shop-web', audited: 'no' }, ['default']],
  [{ severity: 'page' }, ['default']],
  [{}, ['rest']],
])('%j goes to %j', (labels, expected) => {
  expect(receivers(tree, labels)).toEqual(expected)
})

test('a branch that continues but whose children take nothing is a match by itself', () => {
  const route = {
    receiver: 'default',
    routes: [
      {
        receiver: 'a',
        matchers: ['x="1"'],
        continue: true,
        routes: [{ receiver: 'b', matchers: ['y="1"'] }],
      },
      { receiver: 'c' },
    ],
  }
  expect(receivers(route, { x: '1' })).toEqual(['a', 'c'])
  expect(receivers(route, { x: '1', y: '1' })).toEqual(['b', 'c'])
})

test.each<[string, Record<string, string>, boolean]>([
  ['app="a"', { app: 'a' }, true],
  ['app="a"', { app: 'ab' }, false],
  ['app=a', { app: 'a' }, true],
  [' app = "a" ', { app: 'a' }, true],
  ['app=""', {}, true],
  ['app!=""', {}, false],
  ['app!=""', { app: 'a' }, true],
  ['app=~"a|b"', { app: 'b' }, true],
  ['app=~"a|b"', { app: 'bc' }, false],
  ['app=~"a|b"', {}, false],
  ['app=~".*"', {}, true],
  ['app!~"a.*"', { app: 'ab' }, false],
  ['app!~"a.*"', {}, true],
  ['app="a, b"', { app: 'a, b' }, true],
  ['app="say \\"hi\\""', { app: 'say "hi"' }, true],
  // As Alertmanager answers its own configuration: the backslash of the regular expression is escaped once.
  ['app=~"a\\\\.b"', { app: 'a.b' }, true],
  ['app=~"a\\\\.b"', { app: 'axb' }, false],
  ['app=~"a\\.b"', { app: 'axb' }, false],
  ['app="a\\nb"', { app: 'a\nb' }, true],
])('the matcher %j on %j says %s', (matcher, labels, taken) => {
  const route = { receiver: 'default', routes: [{ receiver: 'child', matchers: [matcher] }] }
  expect(receivers(route, labels)).toEqual([taken ? 'child' : 'default'])
})

test.each(['app="a", team="b"', '{app="a"}', 'app', 'app=="a"', 'app="a"b"', '"a"=app'])(
  'refuses the matcher %s: half of it would be read',
  (matcher) => {
    const route = { receiver: 'default', routes: [{ receiver: 'child', matchers: [matcher] }] }
    expect(() => receivers(route, { app: 'a' })).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        account: {
          expected: 'a matcher like severity="page"',
          seen: matcher,
          where: 'alertmanager: route … matchers',
          remedy: 'write one matcher an entry, with the value in double quotes',
        },
      }),
    )
  },
)

test('the older notation matches alike', () => {
  const route = {
    receiver: 'default',
    routes: [{ receiver: 'child', match: { app: 'a' }, match_re: { severity: 'page|ticket' } }],
  }
  expect(receivers(route, { app: 'a', severity: 'ticket' })).toEqual(['child'])
  expect(receivers(route, { app: 'a', severity: 'tickets' })).toEqual(['default'])
  expect(receivers(route, { app: 'b', severity: 'page' })).toEqual(['default'])
})

test('a route inherits from its parent what it does not say, over any depth', () => {
  const routing = new AlertRouting({
    route: {
      receiver: 'default',
      group_by: ['alertname'],
      group_wait: '10s',
      routes: [
        {
          group_interval: '1m',
          matchers: ['a="1"'],
          routes: [{ receiver: 'deep', group_wait: '0s', matchers: ['b="1"'] }],
        },
        { receiver: 'own', group_by: [], repeat_interval: '1h' },
      ],
    },
  })
  const timings = {
    groupBy: ['alertname'],
    groupWaitMs: 10_000,
    groupIntervalMs: 300_000,
    repeatIntervalMs: 14_400_000,
  }
  expect(routing.routesFor({ a: '1' })).toEqual([
    { ...timings, receiver: 'default', groupIntervalMs: 60_000 },
  ])
  expect(routing.routesFor({ a: '1', b: '1' })).toEqual([
    { ...timings, receiver: 'deep', groupWaitMs: 0, groupIntervalMs: 60_000 },
  ])
  expect(routing.routesFor({})).toEqual([
    { ...timings, receiver: 'own', groupBy: [], repeatIntervalMs: 3_600_000 },
  ])
})

test("a root route that says nothing has Alertmanager's defaults", () => {
  expect(new AlertRouting({ route: { receiver: 'default' } }).routesFor({})).toEqual([
    {
      receiver: 'default',
      groupBy: [],
      groupWaitMs: 30_000,
      groupIntervalMs: 300_000,
      repeatIntervalMs: 14_400_000,
    },
  ])
})

test.each([undefined, null, {}, { route: null }, { route: [] }, 'text'])(
  'refuses %j, which has no root route',
  (document) => {
    expect(() => new AlertRouting(document)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        account: expect.objectContaining({ where: 'alertmanager: route' }),
      }),
    )
  },
)
