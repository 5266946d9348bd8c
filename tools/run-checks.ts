/** One check of `npm run check`. `run` gives what is wrong, as text for a reader; an empty text is a pass. */
export interface Check {
  readonly name: string
  readonly run: () => Promise<string>
}

/**
 * Runs all checks at the same time and writes a line for each as it ends, then what the failed ones said. The answer is
 * whether all passed; a check that throws has failed.
 */
export async function runChecks(checks: readonly Check[], write: (line: string) => void): Promise<boolean> {
  if (checks.length === 0) throw new Error('there is no check to run')
  const results = await Promise.all(
    checks.map(async ({ name, run }) => {
      const startedAt = performance.now()
      const wrong = (await run().catch(describe)).trimEnd()
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
      write(`${wrong === '' ? 'pass' : 'FAIL'}  ${name.padEnd(18)} ${seconds} s`)
      return { name, wrong }
    }),
  )
  const failed = results.filter(({ wrong }) => wrong !== '')
  for (const { name, wrong } of failed) write(`\n── ${name} ──\n${wrong}`)
  return failed.length === 0
}

function describe(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
}
