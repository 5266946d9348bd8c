import { expect, test } from 'vitest'
import { getAtPath, mapStrings, mapValuesOfKeys, setAtPath } from './document-path.ts'

const rules = () => ({
  groups: [
    { name: 'log-errors', interval: '10s', rules: [{ alert: 'LogsErrorBurst', expr: 'up == 0' }] },
    {
      name: 'scraping',
      rules: [
        { alert: 'TargetDown', for: '1m' },
        { record: 'job:up', expr: 'up' },
      ],
    },
  ],
})

/** What setAtPath refuses a path with. */
function refusalOf(document: unknown, path: string): unknown {
  try {
    setAtPath(document, path, 'x', 'log-rules')
  } catch (thrown) {
    return thrown
  }
  return undefined
}

test.each([
  ['groups.log-errors.interval', '5s'],
  ['groups.0.interval', '5s'],
  ['groups.log-errors.rules.LogsErrorBurst.for', '1h'],
  ['groups.scraping.rules.job:up.expr', 'down'],
  ['groups.1.rules.0.for', '2m'],
])('sets %s, whether an entry is called by index or by name', (path, value) => {
  const document = rules()
  setAtPath(document, path, value, 'log-rules')
  expect(getAtPath(document, path)).toBe(value)
})

test('changes nothing but the one place', () => {
  const document = rules()
  setAtPath(document, 'groups.log-errors.rules.LogsErrorBurst.for', '1h', 'log-rules')
  const expected = rules()
  Object.assign(expected.groups[0]?.rules[0] ?? {}, { for: '1h' })
  expect(document).toEqual(expected)
})

test('walks panels by their titles, dots in them included, and targets by their letters', () => {
  const dashboard = { panels: [{ title: 'Slower than 0.3 s', targets: [{ refId: 'A', expr: 'up' }] }] }
  setAtPath({ shop: dashboard }, 'shop.panels.Slower than 0.3 s.targets.A.expr', 'down', 'dashboards')
  expect(dashboard.panels[0]?.targets[0]?.expr).toBe('down')
  expect(refusalOf({ shop: dashboard }, 'shop.panels.Slower.targets.A.expr')).toMatchObject({
    message: expect.stringContaining('seen: only `Slower than 0.3 s`'),
  })
})

test.each(['job_name', 'receiver', 'name'])('calls the entries of a list by their %s', (key) => {
  const document = { list: [{ [key]: 'a' }, { [key]: 'b', port: 1 }] }
  setAtPath(document, 'list.b.port', 2, 'x')
  expect(document.list[1]).toEqual({ [key]: 'b', port: 2 })
})

test('replaces a whole entry of a list, and the value of a document key', () => {
  const document = rules()
  setAtPath(document, 'groups.scraping', null, 'x')
  expect(document.groups[1]).toBeNull()
  setAtPath(document, 'groups', [], 'x')
  expect(document.groups).toEqual([])
})

test('takes a key that has dots itself for one step', () => {
  const flags = { 'rules.alert.resend-delay': '1m', rules: { alert: 'other' }, nested: { 'a.b': { c: 1 } } }
  setAtPath(flags, 'rules.alert.resend-delay', '1s', 'prometheus-flags')
  setAtPath(flags, 'nested.a.b.c', 2, 'prometheus-flags')
  expect(flags).toEqual({
    'rules.alert.resend-delay': '1s',
    rules: { alert: 'other' },
    nested: { 'a.b': { c: 2 } },
  })
  expect(getAtPath(flags, 'rules.alert')).toBe('other')
})

test.each([
  ['group.x', '`group` in log-rules', 'only `groups`'],
  ['groups.log-error.interval', '`log-error` under `groups` of log-rules', 'only `log-errors`, `scraping`'],
  ['groups.2.interval', '`2` under `groups` of log-rules', 'only `log-errors`, `scraping`'],
  ['groups.2', '`2` under `groups` of log-rules', 'only `log-errors`, `scraping`'],
  [
    'groups.scraping.rules.Watchdog.for',
    '`Watchdog` under `groups.scraping.rules` of log-rules',
    'only `TargetDown`, `job:up`',
  ],
  [
    'groups.scraping.rules.Watchdog',
    '`Watchdog` under `groups.scraping.rules` of log-rules',
    'only `TargetDown`, `job:up`',
  ],
  [
    'groups.log-errors.interval.seconds',
    '`seconds` under `groups.log-errors.interval` of log-rules',
    'nothing to step into ("10s")',
  ],
  [
    'groups.log-errors.interval.a.b',
    '`a` under `groups.log-errors.interval` of log-rules',
    'nothing to step into ("10s")',
  ],
  [
    'groups.0.rules.0.labels.severity',
    '`labels` under `groups.0.rules.0` of log-rules',
    'only `alert`, `expr`',
  ],
  ['', '`` in log-rules', 'only `groups`'],
  ['groups.0.', '`` under `groups.0` of log-rules', 'only `name`, `interval`, `rules`'],
  ['constructor.name', '`constructor` in log-rules', 'only `groups`'],
  ['__proto__.polluted', '`__proto__` in log-rules', 'only `groups`'],
])('refuses %j at the step that is not there, and says what is', (path, expected, seen) => {
  const document = rules()
  expect(refusalOf(document, path)).toMatchObject({
    code: 'SET_PATH_UNKNOWN',
    account: { expected, seen, remedy: "correct the path; lists are walked by index or by the entry's name" },
  })
  expect(document).toEqual(rules())
})

test('an empty list and an empty map have nothing to step into', () => {
  expect(refusalOf({ groups: [] }, 'groups.0.name')).toMatchObject({
    account: { seen: 'nothing to step into ([])' },
  })
  expect(refusalOf({ a: {} }, 'a.b.c')).toMatchObject({ account: { seen: 'nothing to step into ({})' } })
})

test.each(['groups.3', 'groups.log-errors.interval.x', 'nothing', ''])('finds nothing at %j', (path) => {
  expect(getAtPath(rules(), path)).toBeUndefined()
})

test('passes every value through with its place, and leaves the document as it was', () => {
  const document = rules()
  const places: string[] = []
  const changed = mapValuesOfKeys(document, (key, value, path) => {
    places.push(path)
    return key === 'interval' || key === 'for' ? `short ${String(value)}` : value
  })
  expect(places).toContain('groups[1].rules[0].for')
  expect(getAtPath(changed, 'groups.1.rules.0.for')).toBe('short 1m')
  expect(getAtPath(changed, 'groups.0.interval')).toBe('short 10s')
  expect(document).toEqual(rules())
})

test('passes every text through at any depth, but no key and no number', () => {
  const document = { a: ['x', { x: 'x' }], b: 1, c: null, d: true }
  expect(mapStrings(document, (text) => `${text}!`)).toEqual({
    a: ['x!', { x: 'x!' }],
    b: 1,
    c: null,
    d: true,
  })
})
