import { expect, test } from 'vitest'
import { optionVariables, readRunOptions } from './run-options.ts'

test('without any variable a run is fast, changes nothing and keeps nothing', () => {
  expect(readRunOptions({})).toEqual({
    environment: 'process',
    profile: 'fast',
    set: [],
    out: undefined,
    startedAt: performance.timeOrigin,
    keep: false,
  })
})

test('reads what the command line hands on', () => {
  const set = ['alertmanager:route.group_wait=5s', "log-rules:groups.0.rules.0.expr='a = b, c'"]
  const options = readRunOptions({
    [optionVariables.profile]: 'production',
    [optionVariables.set]: JSON.stringify(set),
    [optionVariables.out]: 'out/here',
    [optionVariables.startedAt]: '1763884800000.5',
    [optionVariables.keep]: '1',
    [optionVariables.environment]: 'process',
  })
  expect(options).toMatchObject({
    profile: 'production',
    out: 'out/here',
    startedAt: 1_763_884_800_000.5,
    keep: true,
  })
  expect(options.set.map(({ text }) => text)).toEqual(set)
  expect(options.set[1]).toMatchObject({ component: 'log-rules', value: 'a = b, c' })
})

test.each(['', '0', 'true', 'yes'])('keeps nothing for SIGNALPROOF_KEEP=%j', (value) => {
  expect(readRunOptions({ [optionVariables.keep]: value }).keep).toBe(false)
})

test.each([
  [optionVariables.profile, 'slow', 'a time profile: fast or production', '--profile or SIGNALPROOF_PROFILE'],
  [optionVariables.profile, '', 'a time profile: fast or production', '--profile or SIGNALPROOF_PROFILE'],
  [
    optionVariables.environment,
    'k8s',
    'an environment: process or k3s or cluster',
    '--env or SIGNALPROOF_ENV',
  ],
])('refuses %s=%j and names what it may be', (variable, seen, expected, where) => {
  expect(() => readRunOptions({ [variable]: seen })).toThrow(
    expect.objectContaining({
      code: 'USAGE_BAD_VALUE',
      account: { expected, seen, where, remedy: 'name one of these' },
    }),
  )
})

test.each(['alertmanager:route.group_wait=5s', '["a', '"alertmanager:a=b"', '[1]', '{}', ''])(
  'refuses SIGNALPROOF_SET=%j, which is no JSON list of options',
  (text) => {
    expect(() => readRunOptions({ [optionVariables.set]: text })).toThrow(
      expect.objectContaining({
        code: 'USAGE_BAD_VALUE',
        account: expect.objectContaining({
          expected: 'a JSON list of --set options',
          seen: text,
          where: 'SIGNALPROOF_SET',
        }),
      }),
    )
  },
)

test('refuses a component that --set does not know', () => {
  expect(() => readRunOptions({ [optionVariables.set]: '["grafana:a=b"]' })).toThrow(
    expect.objectContaining({ code: 'SET_PATH_UNKNOWN' }),
  )
})
