import { z } from 'zod'

/**
 * Spans as a trace store answers with them: OTLP in JSON, with the ids in hexadecimal as OTLP says or in base64 as a
 * protobuf's JSON has them, and kinds and statuses as names or as numbers.
 */

export const spanKinds = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const
export type SpanKind = (typeof spanKinds)[number]

export const spanStatuses = ['UNSET', 'OK', 'ERROR'] as const
export type SpanStatus = (typeof spanStatuses)[number]

export type AttributeValue = string | number | boolean | null | readonly AttributeValue[]

export interface Span {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** 16 hexadecimal digits. */
  readonly id: string
  /** Null where the span is the first of its trace. */
  readonly parentId: string | null
  readonly name: string
  readonly kind: SpanKind
  readonly status: SpanStatus
  readonly attributes: Readonly<Record<string, AttributeValue>>
  /** Of whoever made the span: `service.name` and its like. */
  readonly resource: Readonly<Record<string, AttributeValue>>
  /** Epoch milliseconds, to the microsecond. */
  readonly startMs: number
  readonly endMs: number
}

const wholeNumber = z.union([z.string().regex(/^-?\d+$/), z.int()])

const anyValue: z.ZodType<AttributeValue> = z.lazy(() =>
  z
    .object({
      stringValue: z.string(),
      boolValue: z.boolean(),
      intValue: wholeNumber.transform(Number),
      doubleValue: z.union([z.number(), z.string()]).transform(Number),
      arrayValue: z.object({ values: z.array(anyValue).default([]) }).transform(({ values }) => values),
    })
    .partial()
    .transform(
      ({ stringValue, boolValue, intValue, doubleValue, arrayValue }): AttributeValue =>
        stringValue ?? boolValue ?? intValue ?? doubleValue ?? arrayValue ?? null,
    ),
)

const attributes = z
  .array(z.object({ key: z.string(), value: anyValue.default(null) }))
  .default([])
  .transform((list) => Object.fromEntries(list.map(({ key, value }) => [key, value])))

/** An id of so many bytes. The two ways to write one differ in length, so that none is taken for the other. */
const id = (bytes: number) =>
  z.string().transform((text, context) => {
    if (new RegExp(`^[0-9a-f]{${2 * bytes}}$`, 'i').test(text)) return text.toLowerCase()
    const decoded = Buffer.from(text, 'base64')
    if (decoded.length === bytes && decoded.toString('base64') === text) return decoded.toString('hex')
    context.addIssue({ code: 'custom', message: `an id of ${bytes} bytes in hexadecimal or base64` })
    return z.NEVER
  })

const traceId = id(16)
const spanId = id(8)
const noId = '0'.repeat(16)

/** A span without a parent leaves it out, or says so by an empty text or by zeros. */
const parentId = z
  .string()
  .transform((text) => (text === '' ? noId : text))
  .pipe(spanId)
  .transform((one) => (one === noId ? null : one))
  .nullable()
  .default(null)

const oneOf = <Name extends string>(names: readonly Name[], prefix: string) =>
  z
    .union([
      z
        .int()
        .min(0)
        .max(names.length - 1),
      z.enum(names.map((name) => `${prefix}${name}`) as [string, ...string[]]),
    ])
    .default(0)
    .transform((value) =>
      typeof value === 'number' ? (names[value] as Name) : (value.slice(prefix.length) as Name),
    )

const nanoseconds = wholeNumber.transform((value) => Number(BigInt(value) / 1000n) / 1000)

const span = z.object({
  traceId,
  spanId,
  parentSpanId: parentId,
  name: z.string().default(''),
  kind: oneOf(spanKinds, 'SPAN_KIND_'),
  status: z.object({ code: oneOf(spanStatuses, 'STATUS_CODE_') }).optional(),
  attributes,
  startTimeUnixNano: nanoseconds,
  endTimeUnixNano: nanoseconds,
})

/** `resourceSpans` of OTLP; flattened, since a span says itself whose child it is. */
export const resourceSpans = z
  .array(
    z.object({
      resource: z.object({ attributes }).prefault({}),
      scopeSpans: z.array(z.object({ spans: z.array(span).default([]) })).default([]),
    }),
  )
  .transform((groups): Span[] =>
    groups.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ spans }) =>
        spans.map((one) => ({
          traceId: one.traceId,
          id: one.spanId,
          parentId: one.parentSpanId,
          name: one.name,
          kind: one.kind,
          status: one.status?.code ?? 'UNSET',
          attributes: one.attributes,
          resource: resource.attributes,
          startMs: one.startTimeUnixNano,
          endMs: one.endTimeUnixNano,
        })),
      ),
    ),
  )
