import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml'

/** What .ci/act takes for a job of its own: the same names it looks for. */
const actJob = /^unit-tests-[a-z-]+$/
/** act copies the checkout itself and asks for no such action. */
const copiedByAct = 'actions/checkout'
/** One line each, so that .ci/act finds them, and a commit with the version that it is. */
const pinnedAction = /^ *(?:- )?uses: ([\w.-]+\/[\w.-]+)(?:\/[\w./-]+)?@[0-9a-f]{40} # v\d+(?:\.\d+)*$/

interface Place {
  readonly path: string
  readonly lines: readonly string[]
  readonly counter: LineCounter
}

/** The house rules for one workflow: each broken one as a line for the reader. What is not YAML is for actionlint to say. */
export function workflowRulesBroken(root: string, path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8')
  const counter = new LineCounter()
  const { contents } = parseDocument(text, { lineCounter: counter })
  const place: Place = { path, lines: text.split('\n'), counter }
  if (!isMap(contents)) return [say(place, 1, 'a workflow', 'no mapping', 'see what a workflow looks like')]
  const jobs = contents.get('jobs')
  const pairs = isMap(jobs) ? (jobs.items as Pair<Node, Node>[]) : []
  if (pairs.length === 0)
    return [say(place, 1, 'at least one job', 'none', 'add one, or remove the workflow')]
  return [
    ...wholeFile(place, contents),
    ...pairs.flatMap((pair) => oneJob(place, pair)),
    ...usedActions(place, root, pairs),
  ]
}

function wholeFile(place: Place, workflow: YAMLMap): string[] {
  const permissions = workflow.get('permissions')
  const none = isMap(permissions) && permissions.items.length === 0
  const forbidden = [
    [/\bpull_request_target\b/, 'no pull_request_target: it runs a stranger’s code with rights of ours'],
    [/\$\{\{[^}]*\bsecrets\b/, 'no secret: no job needs one'],
  ] as const
  return [
    ...(none ? [] : [say(place, 1, '`permissions: {}` at the top', 'other', 'let each job ask for its own')]),
    ...(workflow.has('concurrency')
      ? []
      : [say(place, 1, 'a `concurrency` group', 'none', 'let a newer push end the older runs')]),
    ...place.lines.flatMap((line, at) =>
      forbidden.flatMap(([pattern, why]) =>
        pattern.test(line) && !line.trim().startsWith('#')
          ? [say(place, at + 1, why, line.trim(), 'take it out')]
          : [],
      ),
    ),
  ]
}

function oneJob(place: Place, { key, value }: Pair<Node, Node>): string[] {
  const name = isScalar(key) ? String(key.value) : '?'
  const line = lineOf(place, key)
  const wrong = (expected: string, remedy: string) =>
    say(place, line, `job ${name} to have ${expected}`, 'none', remedy)
  const has = (property: string) => isMap(value) && value.has(property)
  return [
    ...(has('timeout-minutes') ? [] : [wrong('timeout-minutes', 'a job that hangs has 6 hours without it')]),
    ...(has('permissions') ? [] : [wrong('permissions', 'say `contents: read`, or less')]),
  ]
}

/** Every `uses` in its place: pinned, and with a folder in .ci/act-actions when a job of .ci/act asks for it. */
function usedActions(place: Place, root: string, jobs: readonly Pair<Node, Node>[]): string[] {
  return jobs.flatMap(({ key, value }) => {
    const isActJob = isScalar(key) && actJob.test(String(key.value))
    const steps = isMap(value) ? value.get('steps') : undefined
    if (!isSeq(steps)) return []
    return steps.items.flatMap((step) => {
      const uses = isMap(step) ? step.get('uses', true) : undefined
      if (uses === undefined) return []
      const line = lineOf(place, uses)
      const written = place.lines[line - 1] ?? ''
      const action = pinnedAction.exec(written)?.[1]
      if (action === undefined) {
        const expected = 'an action by its commit with its version: `uses: owner/name@<40 hex> # v1.2.3`'
        return [say(place, line, expected, written.trim(), 'pin it, on one line')]
      }
      const standIn = `.ci/act-actions/${action}/action.yml`
      if (!isActJob || action === copiedByAct || existsSync(join(root, standIn))) return []
      return [say(place, line, `${standIn}, for .ci/act`, 'no such file', 'write what stands in for it')]
    })
  })
}

function lineOf({ counter }: Place, node: Node): number {
  return counter.linePos(node.range?.[0] ?? 0).line
}

function say({ path }: Place, line: number, expected: string, seen: string, remedy: string): string {
  return `${path}:${line}: expected ${expected}; seen ${seen}; try: ${remedy}`
}
