import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import protobuf from 'protobufjs'

/** Of OTLP's messages what the tests look at; a reader of protobuf skips the other fields. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Request { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeSpans { repeated Span spans = 2; }
  message Span {
    bytes trace_id = 1;
    bytes span_id = 2;
    bytes parent_span_id = 4;
    string name = 5;
    int32 kind = 6;
    fixed64 start_time_unix_nano = 7;
    fixed64 end_time_unix_nano = 8;
    repeated KeyValue attributes = 9;
    Status status = 15;
  }
  message Status { int32 code = 3; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue {
    oneof value { string string = 1; bool bool = 2; int64 int = 3; double double = 4; ArrayValue array = 5; }
  }
  message ArrayValue { repeated AnyValue values = 1; }
`)
const request = root.lookupType('Request')

interface SentValue {
  readonly string?: string
  readonly int?: string
  readonly array?: { readonly values: readonly SentValue[] }
}

interface SentPair {
  readonly key: string
  readonly value: SentValue
}

interface SentRequest {
  readonly resourceSpans?: readonly {
    readonly resource: { readonly attributes: readonly SentPair[] }
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly traceId: Buffer
        readonly spanId: Buffer
        readonly parentSpanId?: Buffer
        readonly name: string
        readonly kind: number
        readonly startTimeUnixNano: string
        readonly endTimeUnixNano: string
        readonly attributes: readonly SentPair[]
        readonly status?: { readonly code: number }
      }[]
    }[]
  }[]
}

export type Value = string | number | undefined | readonly Value[]

/** A span as the collector got it; ids in lower-case hex. */
export interface TakenSpan {
  readonly resource: Readonly<Record<string, Value>>
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly name: string
  readonly kind: string
  readonly startNs: bigint
  readonly endNs: bigint
  readonly attributes: Readonly<Record<string, Value>>
  readonly isError: boolean
}

export interface CollectorDouble extends AsyncDisposable {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly endpoint: string
  readonly spans: TakenSpan[]
  /** What it answers from now on. */
  answer: number
  /** Answers nothing from now on, until what it gives back is called. */
  readonly hold: () => () => void
}

/** Takes spans as a collector's OTLP receiver does: protobuf over HTTP. */
export async function collectorDouble(): Promise<CollectorDouble> {
  const spans: TakenSpan[] = []
  let held = Promise.resolve()
  const server = createServer(async (sent, response) => {
    const body = await buffer(sent)
    await held
    const isExport = sent.url === '/v1/traces' && sent.headers['content-type'] === 'application/x-protobuf'
    response.statusCode = isExport ? double.answer : 404
    if (response.statusCode === 200) spans.push(...readSpans(body))
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const double = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    answer: 200,
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = promise
      return resolve
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return double
}

const kinds = ['unspecified', 'internal', 'server', 'client']

function readSpans(body: Buffer): TakenSpan[] {
  const sent: SentRequest = request.toObject(request.decode(body), { longs: String })
  return (sent.resourceSpans ?? []).flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        resource: record(resource.attributes),
        traceId: span.traceId.toString('hex'),
        spanId: span.spanId.toString('hex'),
        parentSpanId: span.parentSpanId?.toString('hex') || undefined,
        name: span.name,
        kind: kinds[span.kind] ?? String(span.kind),
        startNs: BigInt(span.startTimeUnixNano),
        endNs: BigInt(span.endTimeUnixNano),
        attributes: record(span.attributes),
        isError: span.status?.code === 2,
      })),
    ),
  )
}

const record = (pairs: readonly SentPair[]) =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, readValue(value)]))

function readValue({ string, int, array }: SentValue): Value {
  if (array !== undefined) return array.values.map(readValue)
  return string ?? (int === undefined ? undefined : Number(int))
}
