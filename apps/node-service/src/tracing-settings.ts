import { SettingsError } from './service-settings.ts'

/** OpenTelemetry's names of the ways to choose which traces are kept. */
export const samplerNames = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

export type SamplerName = (typeof samplerNames)[number]

const defaultSampler = 'parentbased_always_on'

/** What a service reads of OpenTelemetry's standard variables. */
export interface TracingSettings {
  readonly serviceName: string
  readonly resourceAttributes: Readonly<Record<string, string>>
  /** Where spans are posted, `/v1/traces` included. Undefined: nothing is exported. */
  readonly endpoint: URL | undefined
  /** Whether traces are continued from callers and passed on in calls. */
  readonly propagates: boolean
  readonly sampler: { readonly name: SamplerName; readonly ratio: number; readonly isDefault: boolean }
  readonly batch: {
    readonly scheduleDelayMs: number
    readonly maxQueueSize: number
    readonly maxExportBatchSize: number
  }
}

/** @param name the service's name where OTEL_SERVICE_NAME says no other */
export function readTracingSettings(name: string, env: NodeJS.ProcessEnv): TracingSettings {
  const { 'service.name': namedAmongResources, ...resourceAttributes } = readResourceAttributes(env)
  return {
    serviceName: env.OTEL_SERVICE_NAME || namedAmongResources || name,
    resourceAttributes,
    endpoint: readEndpoint(env),
    propagates: readPropagators(env),
    sampler: readSampler(env),
    batch: readBatch(env),
  }
}

function readEndpoint(env: NodeJS.ProcessEnv): URL | undefined {
  const text = env.OTEL_EXPORTER_OTLP_ENDPOINT
  if (!text) return undefined
  const base = URL.parse(text)
  if (base === null || !['http:', 'https:'].includes(base.protocol)) {
    throw refused(
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      "the http address of the collector's OTLP receiver",
      text,
      'http://127.0.0.1:4318, or leave it out to export nothing',
    )
  }
  return new URL(`${base.pathname.replace(/\/$/, '')}/v1/traces`, base)
}

function readPropagators(env: NodeJS.ProcessEnv): boolean {
  const text = env.OTEL_PROPAGATORS || 'tracecontext'
  if (text === 'tracecontext') return true
  if (text === 'none') return false
  throw refused('OTEL_PROPAGATORS', 'tracecontext or none', text, 'tracecontext, or leave it out')
}

function readSampler(env: NodeJS.ProcessEnv): TracingSettings['sampler'] {
  const text = env.OTEL_TRACES_SAMPLER || defaultSampler
  const name = samplerNames.find((known) => known === text)
  if (name === undefined) {
    throw refused('OTEL_TRACES_SAMPLER', `one of ${samplerNames.join(', ')}`, text, defaultSampler)
  }
  const isRatio = name.endsWith('traceidratio')
  return { name, ratio: isRatio ? readRatio(env) : 1, isDefault: name === defaultSampler }
}

function readRatio(env: NodeJS.ProcessEnv): number {
  const text = env.OTEL_TRACES_SAMPLER_ARG || '1'
  const ratio = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN
  if (ratio <= 1) return ratio
  throw refused('OTEL_TRACES_SAMPLER_ARG', 'the share of traces to keep, from 0 to 1', text, '0.1')
}

function readBatch(env: NodeJS.ProcessEnv): TracingSettings['batch'] {
  const maxQueueSize = wholeNumber(env, 'OTEL_BSP_MAX_QUEUE_SIZE', 2048)
  const maxExportBatchSize = wholeNumber(env, 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE', Math.min(512, maxQueueSize))
  if (maxExportBatchSize > maxQueueSize) {
    throw refused(
      'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
      `at most OTEL_BSP_MAX_QUEUE_SIZE, which is ${maxQueueSize}`,
      String(maxExportBatchSize),
      'a smaller batch or a longer queue',
    )
  }
  return {
    scheduleDelayMs: wholeNumber(env, 'OTEL_BSP_SCHEDULE_DELAY', 5000),
    maxQueueSize,
    maxExportBatchSize,
  }
}

function wholeNumber(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const text = env[name]
  if (!text) return otherwise
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw refused(name, 'a whole number from 1 on', text, String(otherwise))
}

/** The SDK's own reader drops the whole list for one bad entry, and says nothing. */
function readResourceAttributes(env: NodeJS.ProcessEnv): Record<string, string> {
  const text = env.OTEL_RESOURCE_ATTRIBUTES ?? ''
  const entries = text.split(',').filter((entry) => entry.trim() !== '')
  return Object.fromEntries(
    entries.map((entry) => {
      const [key = '', value, ...more] = entry.split('=').map((part) => decoded(part.trim()))
      if (!key || value === undefined || more.length > 0) {
        throw refused(
          'OTEL_RESOURCE_ATTRIBUTES',
          'key=value pairs with commas between them, percent-encoded where needed',
          entry,
          'service.namespace=apps',
        )
      }
      return [key, value]
    }),
  )
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function refused(name: string, expected: string, seen: string, remedy: string): SettingsError {
  return new SettingsError(`${name}: expected ${expected}; seen ${JSON.stringify(seen)}; try ${remedy}`)
}
