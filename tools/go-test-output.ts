import { z } from 'zod'

const event = z.object({
  Action: z.string(),
  Package: z.string().optional(),
  Test: z.string().optional(),
  Output: z.string().optional(),
})

/**
 * What a reader sees of `go test -json`: the lines of packages and of builds as they come, the lines of a test when it
 * has failed. Gives a function to be called with each line in turn.
 */
export function goTestOutput(): (line: string) => string {
  const held = new Map<string, string>()
  return (line) => {
    const { Action, Package, Test, Output = '' } = event.parse(JSON.parse(line))
    if (Test === undefined) return Output
    const key = `${Package} ${Test}`
    const lines = (held.get(key) ?? '') + Output
    held.set(key, lines)
    return Action === 'fail' ? lines : ''
  }
}
