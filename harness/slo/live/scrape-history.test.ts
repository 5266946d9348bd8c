import { expect, test } from 'vitest'
import type { Sample } from '../../backends/prometheus.ts'
import { requireEveryScrape, waitForHistory } from './scrape-history.ts'

const signal = new AbortController().signal

function prometheus(times: readonly number[], answer: number | null) {
  const samples: Sample[] = answer === null ? [] : [{ labels: {}, atMs: 0, value: answer }]
  return {
    query: async () => samples,
    samples: async () => [{ labels: {}, samples: times.map((atMs) => ({ atMs, value: 1 })) }],
  }
}

const span = { windowMs: 60_000, everyMs: 1000, signal }

test('a scrape each second and no evaluation left out is what times can be judged by', async () => {
  await expect(requireEveryScrape(prometheus([0, 1000, 2003], 0), span)).resolves.toBeUndefined()
})

test.each([
  ['a scrape that is left out', [0, 1000, 3000], 0, /3 scrapes, the longest gap 2000 ms/],
  ['an evaluation that is left out', [0, 1000, 2000], 1, /1 evaluations left out/],
  ['no scrape at all', [], 0, /0 scrapes/],
  ['nothing known of evaluations', [0, 1000, 2000], null, /NaN evaluations left out/],
])('%s makes the run invalid', async (_, times, missed, seen) => {
  await expect(requireEveryScrape(prometheus(times, missed), span)).rejects.toMatchObject({
    code: 'ENV_NOT_READY',
    message: expect.stringMatching(seen),
  })
})

test('a history that never fills makes the run invalid', async () => {
  const short = { windowMs: 4, everyMs: 1, signal, series: 8, allowanceMs: 10 }
  await expect(waitForHistory(prometheus([], 8), short)).resolves.toBeUndefined()
  await expect(waitForHistory(prometheus([], 7), short)).rejects.toMatchObject({
    code: 'ENV_NOT_READY',
    message: expect.stringContaining('7 of 8 series'),
  })
})
