import { expect, test } from 'vitest'
import type { FiguresFile } from './k6-figures-file.ts'
import { type EndedRun, invalidBecause } from './validity.ts'

const figures: FiguresFile = {
  plannedIterations: 100,
  iterations: 100,
  dropped: 0,
  virtualUsersMax: 4,
  requests: 100,
  durationMs: 5_000,
  routes: [
    {
      name: 'GET /a',
      requests: 100,
      answers: [
        { status: 200, count: 98 },
        { status: 0, count: 2 },
      ],
      latencyMs: { p50: 2, p95: 3, p99: 4, max: 9, mean: 2 },
    },
  ],
  thresholds: [{ metric: 'http_req_failed', threshold: 'rate<0.01', held: false }],
}
const quiet = { exceptions: 0, firstException: undefined, firstError: undefined }
const good: EndedRun = {
  exitCode: 0,
  log: quiet,
  figures,
  cpu: { seconds: 0.5, waitedSeconds: 0.05 },
  endedAfterMs: null,
}

/** A run that is good but for what is changed. */
const judged = (change: Partial<EndedRun>, changedFigures: Partial<FiguresFile> = {}) =>
  invalidBecause({ ...good, figures: { ...figures, ...changedFigures }, ...change })

test('a run that did what its workload says can be concluded from, broken thresholds or not', () => {
  expect(judged({})).toBeNull()
  expect(judged({ exitCode: 99 })).toBeNull()
  expect(judged({ cpu: { seconds: 0.5, waitedSeconds: null } })).toBeNull()
})

test('the last iteration of a stage may fall on either side of its end', () => {
  expect(judged({}, { plannedIterations: 102 })).toBeNull()
  expect(judged({}, { plannedIterations: null })).toBeNull()
})

test.each<[string, Partial<EndedRun>, Partial<FiguresFile>, string]>([
  ['no sample', {}, { requests: 0 }, 'zero samples: no request was sent in 100 iterations'],
  [
    'drops',
    {},
    { dropped: 25, iterations: 75 },
    'dropped iterations: 25 of 100 were not started, since all 4 virtual users were waiting (mean latency up to 2 ms)',
  ],
  [
    'an exception in an iteration, which k6 itself ends with 0',
    { log: { exceptions: 2, firstException: 'TypeError: no at mine.ts:3', firstError: undefined } },
    {},
    'script exception in 2 iterations: TypeError: no at mine.ts:3',
  ],
  [
    'an exception before the first iteration',
    {
      exitCode: 107,
      log: { exceptions: 1, firstException: 'ReferenceError: x at mine.ts:1', firstError: undefined },
    },
    {},
    'script exception (exit code 107): ReferenceError: x at mine.ts:1',
  ],
  [
    'options that are not valid',
    { exitCode: 104, log: { ...quiet, firstError: 'invalid maxVUs' } },
    {},
    'the options of the script are not valid (exit code 104): invalid maxVUs',
  ],
  ['a signal', { exitCode: 105 }, {}, 'a signal ended it (exit code 105)'],
  ['a crash', { exitCode: 2 }, {}, 'k6 ended in a way that it does not describe (exit code 2)'],
  ['no end', { exitCode: 128, endedAfterMs: 95_000 }, {}, 'k6 did not end within 95 s and was ended'],
  ['no figures', { figures: { wrong: 'the script left no figures' } }, {}, 'the script left no figures'],
  ['too few iterations', {}, { plannedIterations: 103 }, 'not the workload: 100 iterations instead of 103'],
  [
    'an end before its time',
    { exitCode: 99 },
    { plannedIterations: 300 },
    'not the workload: 100 iterations instead of 300; a threshold ended it early',
  ],
  [
    'an answer of no route',
    {},
    { requests: 101 },
    'answers that belong to no route: 101 requests, but 100 answers by route and status',
  ],
  [
    'too little CPU',
    { cpu: { seconds: 0.1, waitedSeconds: 0.11 } },
    { durationMs: 430 },
    'the generator was short of CPU: it ran 0.1 s and waited 0.1 s for a core, 1.1 ms a request of 2.0 ms latency',
  ],
])('%s makes it invalid, and is named', (_, change, changedFigures, reason) => {
  expect(judged(change, changedFigures)).toBe(reason)
})

test('waiting for a core counts neither below the time that was run, nor below half of the latency, nor below a quarter of the time', () => {
  expect(judged({ cpu: { seconds: 0.1, waitedSeconds: 0.11 } }, { durationMs: 450 })).toBeNull()
  expect(judged({ cpu: { seconds: 0.2, waitedSeconds: 0.2 } }, { durationMs: 100 })).toBeNull()
  expect(judged({ cpu: { seconds: 0.01, waitedSeconds: 0.1 } }, { durationMs: 100 })).toBeNull()
})
