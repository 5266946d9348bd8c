import { z } from 'zod'
import { clusterSection } from './cluster-section.ts'
import { tracesSection } from './traces-section.ts'

/** What is watched, and what was promised about it: the one table that suites, faults and judgements are made from. */

const name = z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'a lower-case name as Kubernetes takes it')
const profileNames = ['fast', 'production'] as const

/** A request that the app is known to answer in one way; the census sends it and expects to find it counted. */
const exercise = z.strictObject({
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).default('GET'),
  path: z.string().startsWith('/'),
  route: z.string().min(1),
  status: z.int().min(100).max(599),
  /** Requests that this one makes its app send to other watched apps; they are counted there. */
  causes: z
    .array(
      z.strictObject({ app: name, method: z.string().default('GET'), route: z.string(), status: z.int() }),
    )
    .default([]),
})

const watchedApp = z.strictObject({
  name,
  namespace: name,
  /** The route that faults break and alerts are expected on, as the app's own router names it. */
  faultRoute: z.string().startsWith('/').optional(),
  /** Good requests; an app with a fault route gets them in turn from ready to end. */
  good: z.array(exercise).min(1),
  /** One request for every other answer the app can give without a fault. */
  otherAnswers: z.array(exercise),
  /** Statuses its fault switch can make it answer; each has to be countable before it first happens. */
  faultStatuses: z.array(z.int().min(500).max(599)),
})

const promise = z.strictObject({
  id: name,
  alert: z.string().min(1),
  /** From the response that crosses the alert's threshold to the arrival of its notification, for a new group. */
  deliveredWithinMs: z.record(z.enum(profileNames), z.int().positive()),
})

export const configSchema = z.strictObject({
  ingress: z.strictObject({ host: z.string().min(1) }),
  /** Where rules, routing and component configurations lie, from the folder of this file. */
  sources: z.strictObject({ alerts: z.string(), manifests: z.string() }),
  apps: z.array(watchedApp).min(1),
  /** Jobs that Prometheus has to scrape beside the apps. */
  scrapedJobs: z.array(z.string().min(1)),
  metrics: z.strictObject({
    requestsCounter: z.string(),
    durationHistogram: z.string(),
    /** The edges of the histogram's buckets: an objective about latency can ask for these only. */
    durationEdgesSeconds: z.array(z.number().positive()).min(1).optional(),
  }),
  logs: z.strictObject({
    streamLabels: z.array(z.string()).min(1),
    namespace: name,
    fields: z.strictObject({
      status: z.string(),
      route: z.string(),
      requestId: z.string(),
      method: z.string(),
    }),
  }),
  traces: tracesSection,
  alerts: z.strictObject({
    logBurst: z.string(),
    page: z.string(),
    /** The alert of each ruler that always fires: whoever stops hearing it knows that the ruler is not heard. */
    watchdogs: z.strictObject({ metrics: z.string(), logs: z.string() }),
    receivers: z.strictObject({ page: z.string(), ticket: z.string(), deadman: z.string() }),
    /** The alert that each way of breaking the stack has to raise. */
    stack: z.strictObject({
      /** A route answers, but late. */
      slowRoute: z.string(),
      /** A target does not answer. */
      targetDown: z.string(),
      /** Discovery has lost an app. */
      targetMissing: z.string(),
      /** A ruler cannot evaluate a rule. */
      ruleFailing: z.string(),
      /** The ruler of the logs cannot reach Alertmanager. */
      rulerCutOff: z.string(),
      /** The collector cannot reach the log store. */
      collectorCutOff: z.string(),
      /** No line of any app arrives. */
      logsSilent: z.string(),
    }),
  }),
  /** Grafana's dashboards, which are run on live data; without it nothing is said of them. */
  dashboards: z
    .strictObject({
      /** With grafana/*.json, grafana/provisioning/ and empty-by-design.yaml; from the folder of this file. */
      folder: z.string(),
      /** Panels that have to go up while an app fails, and the labels by which their series say whose failures they are. */
      showServerErrors: z
        .array(
          z.strictObject({
            dashboard: z.string(),
            panel: z.string(),
            labels: z.array(z.enum(['app', 'route', 'status'])).default([]),
          }),
        )
        .min(1),
    })
    .optional(),
  traffic: z.strictObject({ perAppPerSecond: z.number().positive().max(200) }),
  promises: z.array(promise),
  /** A cluster of your own, for `--env cluster`. */
  cluster: clusterSection.optional(),
})

export type SignalproofConfig = z.output<typeof configSchema>
export type WatchedApp = SignalproofConfig['apps'][number]
export type Exercise = WatchedApp['good'][number]
export type ProfileName = (typeof profileNames)[number]
export type DeliveryPromise = SignalproofConfig['promises'][number]

export const isProfileName = (text: string): text is ProfileName =>
  (profileNames as readonly string[]).includes(text)
export { profileNames }

/** Gives an editor the types while somebody writes signalproof.config.ts; the values are checked when it is loaded. */
export function defineConfig(config: z.input<typeof configSchema>): z.input<typeof configSchema> {
  return config
}
