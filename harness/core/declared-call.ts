/**
 * A call that a client of ours may make, as `GET /api/v1/query`; `{id}` stands for one segment of the path. Each client
 * declares its own and can make no other: where somebody else's cluster is looked at, these lists are what the plan shows
 * and all that is let through.
 */
export type DeclaredCall = `${'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'} /${string}`

/** The paths among some declared calls, so that a path which is not declared does not compile. */
export type DeclaredPath<Calls extends readonly DeclaredCall[]> = Calls[number] extends infer Call
  ? Call extends `${string} ${infer Path}`
    ? Path
    : never
  : never

/** Whether a request, by its method and its path without query, is one of the calls. */
export function isDeclared(calls: readonly DeclaredCall[], method: string, path: string): boolean {
  return calls.some((call) => {
    const [declaredMethod, pattern = ''] = call.split(' ')
    return declaredMethod === method && fits(pattern, path)
  })
}

function fits(pattern: string, path: string): boolean {
  const wanted = pattern.split('/')
  const segments = path.split('/')
  return (
    wanted.length === segments.length &&
    wanted.every((part, index) => {
      const segment = segments[index] ?? ''
      return /^\{.+\}$/.test(part) ? isPlainSegment(segment) : part === segment
    })
  )
}

/** A segment that means itself wherever it is decoded: none that leads up, or that holds a hidden separator. */
const isPlainSegment = (segment: string): boolean =>
  segment !== '' && segment !== '.' && segment !== '..' && !/%2f|%5c|%2e/i.test(segment)
