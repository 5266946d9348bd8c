import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writePath } from '../../config/load-config.ts'
import { describeThrown, SignalproofError } from '../../core/signalproof-error.ts'
import type { PanelsFile } from '../../dashboards/panel-record.ts'
import { type RunResult, resultSchemaVersion } from '../run-result.ts'
import { readEvidence } from './read-evidence.ts'
import type { ReportInput } from './report-input.ts'

/** Reads a run's folder for its report. What is no longer as this version writes it is refused; what is not there is left out. */

const texts = z.array(z.string())
const numberOrNull = z.number().nullable()

/** What the sections count on; the rest of each object is taken as it is. */
const claimSchema = z.looseObject({
  id: z.string(),
  layer: z.string(),
  title: z.string(),
  verdict: z.enum(['proven', 'broken', 'blocked', 'skipped']),
  reason: z.string().optional(),
  ms: z.number(),
  // Not there in a result of before they were written down.
  needs: texts.default([]),
  after: texts.default([]),
  evidence: texts.optional(),
})

const hopSchema = z.looseObject({
  name: z.string(),
  at: z.number(),
  ms: z.number(),
  worstCaseMs: z.number(),
  deadlineMs: z.number(),
})

const resultSchema = z.looseObject({
  schemaVersion: z.literal(resultSchemaVersion),
  runId: z.string(),
  startedAt: z.string(),
  environment: z.string(),
  profile: z.string(),
  digest: z.string(),
  verdict: z.enum(['proven', 'broken', 'invalid']),
  firstBroken: z.string().nullable(),
  wallMs: z.number(),
  readyMs: numberOrNull,
  criticalPathMs: z.number(),
  criticalPath: texts,
  claimsMs: z.number(),
  claims: z.array(claimSchema),
  timelines: z.array(
    z.looseObject({
      id: z.string(),
      hops: z.array(hopSchema),
      totalMs: numberOrNull,
      worstCaseMs: z.number(),
    }),
  ),
  alertTable: z.array(z.looseObject({ alert: z.string() })),
  noise: z.array(z.looseObject({ incident: z.string() })),
  notes: z.array(z.looseObject({ id: z.string(), text: z.string() })),
  set: texts,
  promises: z.array(z.looseObject({ id: z.string(), worstCaseMs: z.number(), promisedMs: z.number() })),
  components: z.array(z.looseObject({ name: z.string(), version: z.string() })),
})

const rowsOf = <T extends z.ZodRawShape>(counts: T) =>
  z.array(z.looseObject({ app: z.string(), method: z.string(), status: z.number(), ...counts }))

const loadFileSchema = z.looseObject({
  accounts: z
    .looseObject({
      drainedMs: numberOrNull,
      balance: z.looseObject({
        requests: z.number(),
        rows: rowsOf({ route: z.string(), counts: z.record(z.string(), z.number()) }),
        ingressRows: rowsOf({ ingress: z.number() }),
      }),
    })
    .optional(),
})

const pointSchema = z.tuple([z.number(), z.number().nullable()])

const panelsSchema = z.looseObject({
  range: z.object({ fromMs: z.number(), toMs: z.number(), stepMs: z.number() }),
  faults: z.array(z.object({ name: z.string(), fromMs: z.number(), toMs: z.number() })),
  panels: z.array(
    z.looseObject({
      dashboard: z.object({ uid: z.string(), title: z.string() }),
      title: z.string(),
      thresholds: z.array(z.object({ value: z.number(), color: z.string() })),
      verdict: z.enum(['data', 'empty by design', 'broken', 'convincing zero']),
      queries: z.array(
        z.looseObject({ series: z.array(z.looseObject({ name: z.string(), points: z.array(pointSchema) })) }),
      ),
    }),
  ),
})

/**
 * @param folder of the run
 * @throws SignalproofError CONFIG_UNREADABLE, CONFIG_INVALID where its result.json is not one of this version
 */
export function readRun(folder: string): ReportInput {
  const result = readResult(folder)
  const unread: string[] = []
  const optional = <T>(name: string, schema: z.ZodType): T | undefined => {
    if (!existsSync(join(folder, name))) return undefined
    try {
      return parsed<T>(join(folder, name), schema)
    } catch (thrown) {
      unread.push(`${name}: ${describeThrown(thrown)}`)
      return undefined
    }
  }
  return {
    result,
    accounts: optional<Pick<ReportInput, 'accounts'>>('load.json', loadFileSchema)?.accounts,
    panels: optional<PanelsFile>('panels.json', panelsSchema),
    evidence: readEvidence(folder, result),
    unread,
  }
}

/** result.json of a run. @throws as readRun */
export const readResult = (folder: string): RunResult =>
  parsed<RunResult>(join(folder, 'result.json'), resultSchema)

/** The schema holds what a section would fail at; the type says what this version writes. */
function parsed<T>(file: string, schema: z.ZodType): T {
  const result = schema.safeParse(parseFile(file))
  if (result.success) return result.data as T
  const [issue] = result.error.issues
  throw new SignalproofError('CONFIG_INVALID', {
    expected: 'the file of a run as this version writes it',
    seen: issue?.message ?? 'something else',
    where: `${file} ${writePath(issue?.path ?? [])}`,
    remedy: 'make the run again with this version',
  })
}

function parseFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new SignalproofError('CONFIG_UNREADABLE', {
      expected: 'the JSON file of a run',
      seen: describeThrown(cause),
      where: file,
      remedy: 'make the run again: this file was cut short or changed',
      cause,
    })
  }
}
