import fc from 'fast-check'
import { z } from 'zod'
import { type Api, askApi, differencesBetween } from './api-answer.ts'
import { type ApiRequest, requestInWords } from './api-request.ts'

/** What came of asking both APIs the same. */
export interface Agreement {
  readonly seed: number
  readonly requests: number
  /** How often which status, and which code of an error, came; of the requests until the first difference. */
  readonly statuses: ReadonlyMap<number, number>
  readonly codes: ReadonlyMap<string, number>
  /** Undefined: they agreed on every request. */
  readonly disagreement: string | undefined
}

export interface AgreementOptions {
  readonly seed: number
  readonly runs: number
  /** How to ask the same again, for the message. */
  readonly repeat: string
}

const problem = z.object({ errors: z.array(z.object({ code: z.string() })) })

/** Asks both APIs as many requests as `runs`, and makes the first one on which they differ as small as it can be. */
export async function compareApis(
  apis: readonly [Api, Api],
  requests: fc.Arbitrary<ApiRequest>,
  { seed, runs, repeat }: AgreementOptions,
): Promise<Agreement> {
  const statuses = new Map<number, number>()
  const codes = new Map<string, number>()
  let isShrinking = false

  const ask = async (request: ApiRequest): Promise<readonly string[]> => {
    const asked = await Promise.allSettled([askApi(apis[0], request), askApi(apis[1], request)])
    const [first, second] = asked
    if (first.status === 'rejected' || second.status === 'rejected') {
      return asked.flatMap((one, index) =>
        one.status === 'rejected' ? [`no answer of ${apis[index]?.name}: ${one.reason}`] : [],
      )
    }
    const differences = differencesBetween(apis, [first.value, second.value])
    if (!isShrinking) {
      add(statuses, first.value.status)
      for (const code of codesOf(first.value.body)) add(codes, code)
    }
    isShrinking ||= differences.length > 0
    return differences
  }

  const agree = fc.asyncProperty(requests, async (request) => (await ask(request)).length === 0)
  const { counterexample, numRuns, numShrinks } = await fc.check(agree, { seed, numRuns: runs })
  const counted = { seed, requests: numRuns, statuses, codes }
  if (counterexample === null) return { ...counted, disagreement: undefined }

  const [smallest] = counterexample
  const differences = await ask(smallest)
  const seen =
    differences.length > 0
      ? differences
      : ['asked once more, they agree: an answer changes from time to time']
  const disagreement = [
    'expected both APIs to give the same answer',
    `  to:   ${requestInWords(smallest)}`,
    ...seen.map((line, index) => `  ${index === 0 ? 'seen: ' : '      '}${line}`),
    `  seed: ${seed}, request ${numRuns}, made smaller ${numShrinks} times; the same again: ${repeat}`,
    '  try:  apps/contract/openapi.yaml says who is right; add a case to apps/contract/cases.json',
  ].join('\n')
  return { ...counted, disagreement }
}

function codesOf(body: Buffer): readonly string[] {
  try {
    return problem.parse(JSON.parse(body.toString('utf8'))).errors.map(({ code }) => code)
  } catch {
    return []
  }
}

function add<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
