import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compareApis } from './agreement.ts'
import { type ApiProcesses, startApis } from './api-processes.ts'
import { readClinicData } from './clinic-data.ts'
import { apiRequests } from './request-arbitrary.ts'
import { missingShares, sharesInWords } from './request-shares.ts'

/**
 * Two implementations, one contract: whatever is asked, the answers are the same to the letter. Each run asks other
 * questions; AGREEMENT_SEED asks those of an earlier run again, AGREEMENT_RUNS asks more of them.
 */

const root = fileURLToPath(new URL('../..', import.meta.url))
const dataFile = fileURLToPath(new URL('../../apps/contract/schedules.json', import.meta.url))
const seed = wholeNumber('AGREEMENT_SEED') ?? Math.floor(Math.random() * 2 ** 31)
const runs = wholeNumber('AGREEMENT_RUNS') ?? 400
/** Longer than the first build of both apps takes; asking takes seconds. */
const hookWithinMs = 300_000
const withinMs = 120_000

let running: ApiProcesses
beforeAll(async () => {
  running = await startApis(root, dataFile)
}, hookWithinMs)
afterAll(() => running?.[Symbol.asyncDispose]())

test(
  'both APIs give the same answer to every request, to the letter',
  async () => {
    const repeat = `AGREEMENT_SEED=${seed} AGREEMENT_RUNS=${runs} npx vitest run --project agreement`
    const agreement = await compareApis(running.apis, apiRequests(readClinicData(dataFile)), {
      seed,
      runs,
      repeat,
    })
    expect(agreement.disagreement).toBeUndefined()
    process.stdout.write(`${sharesInWords(agreement)}\n`)
    expect(agreement.requests).toBe(runs)
    expect(missingShares(agreement)).toEqual([])
  },
  withinMs,
)

function wholeNumber(name: string): number | undefined {
  const text = process.env[name]
  if (!text) return undefined
  if (!/^\d{1,9}\d?$/.test(text))
    throw new Error(`${name}: expected a whole number; seen ${JSON.stringify(text)}`)
  return Number(text)
}
