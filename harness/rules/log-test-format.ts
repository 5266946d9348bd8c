import { relative, resolve } from 'node:path'
import { z } from 'zod'
import { checkPlacedYaml, readPlacedYaml } from '../config/placed-yaml.ts'
import { duration } from './alert-rules.ts'

/** The format of alerts/tests/logs/*.yaml: log lines at times, and the alerts that they have to give at others. */

const texts = z.record(z.string(), z.string())
const name = z.string().min(1)

const accessLine = z.strictObject({
  method: z.string().default('GET'),
  /** Path and query, as sent. */
  path: z.string(),
  protocol: z.string().default('HTTP/1.1'),
  status: z.union([z.int(), z.string()]),
  size: z.union([z.int(), z.string()]).default(17),
  /** What follows the size. */
  tail: z.string().default('"-" "curl/8.5.0"'),
})

const lines = z
  .strictObject({
    /** The app whose pod writes them; the other stream labels follow from it. */
    app: name.optional(),
    /** All stream labels, instead of `app`. */
    stream: texts.optional(),
    /** One of the three is what the line says. `{n}` in any text of it becomes the line's number, from 1. */
    json: z.record(z.string(), z.unknown()).optional(),
    access: accessLine.optional(),
    text: z.string().optional(),
    at: duration,
    count: z.int().positive().default(1),
    /** They are spread evenly from `at` to `at + over`, both included. */
    over: duration.default(0),
  })
  .refine(({ app, stream }) => (app === undefined) !== (stream === undefined), {
    error: 'expected either `app` or `stream`',
  })
  .refine(
    ({ json, access, text }) => [json, access, text].filter((form) => form !== undefined).length === 1,
    {
      error: 'expected exactly one of `json`, `access` and `text`',
    },
  )

const expectedAlert = z.strictObject({
  /** All labels of the alert but `alertname`. */
  labels: texts,
  /** All annotations; with them the case also goes through the real ruler to a real Alertmanager. */
  annotations: texts.optional(),
})

const expectation = z
  .strictObject({
    at: duration,
    alert: name,
    none: z.literal(true).optional(),
    pending: z
      .array(expectedAlert.omit({ annotations: true }))
      .min(1)
      .optional(),
    firing: z.array(expectedAlert).min(1).optional(),
  })
  .refine(
    ({ none, pending, firing }) => (none === true) !== (pending !== undefined || firing !== undefined),
    {
      error: 'expected either `none: true`, or `pending` and `firing` with what is there',
    },
  )

const logTestFile = z.strictObject({
  /** The rule file, from the folder of the test file. */
  rules: z.string(),
  cases: z
    .array(
      z.strictObject({
        name,
        logs: z.array(lines),
        expect: z.array(expectation).min(1),
      }),
    )
    .min(1),
})

export type LogLines = z.output<typeof lines>
export type LogExpectation = z.output<typeof expectation>

export interface LogCase {
  readonly name: string
  readonly logs: readonly LogLines[]
  readonly expect: readonly LogExpectation[]
  /** `alerts/tests/logs/log-errors.yaml:12`, of the case, of one of its expectations or of one entry of its lines. */
  readonly where: string
  readonly whereExpected: (index: number) => string
  readonly whereLines: (index: number) => string
}

export interface LogTestFile {
  /** Absolute. */
  readonly file: string
  /** The rule file that it is for, absolute. */
  readonly ruleFile: string
  readonly cases: readonly LogCase[]
}

/** @throws SignalproofError CONFIG_UNREADABLE, CONFIG_INVALID with file, line and path */
export function readLogTestFile(file: string): LogTestFile {
  const yaml = readPlacedYaml(file)
  const { rules, cases } = checkPlacedYaml(yaml, distinctNames(logTestFile, 'cases'))
  return {
    file,
    ruleFile: resolve(file, '..', rules),
    cases: cases.map((each, index) => ({
      ...each,
      where: yaml.lineOf(['cases', index]),
      whereExpected: (expected) => yaml.lineOf(['cases', index, 'expect', expected]),
      whereLines: (entry) => yaml.lineOf(['cases', index, 'logs', entry]),
    })),
  }
}

/** A schema with the condition that no two entries of one list are called the same: results go by the name. */
export function distinctNames<T extends object, K extends keyof T & string>(
  schema: z.ZodType<T>,
  list: K,
): z.ZodType<T> {
  return schema.superRefine((value, context) => {
    const entries = value[list] as readonly { name: string }[]
    for (const [index, { name: called }] of entries.entries()) {
      if (entries.findIndex((other) => other.name === called) !== index)
        context.addIssue({
          code: 'custom',
          path: [list, index, 'name'],
          message: `the name stands twice: ${called}`,
        })
    }
  })
}

export const shownPath = (file: string): string => relative(process.cwd(), file)
