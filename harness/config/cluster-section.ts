import { z } from 'zod'

/**
 * What a team says about a cluster of its own, so that the claims can be judged there: where the stack answers, how its
 * apps are found, and what may be done to them. Nothing is installed; what is not allowed here is not done.
 */

const objectName = z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'a name as Kubernetes takes it')
const portOfService = z.union(
  [z.int().min(1).max(65_535), z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/)],
  { error: 'a port of the service: its number or its name' },
)

/** A Service that is asked through the API server's proxy, so that nothing has to be opened for it. */
const service = z.strictObject({
  namespace: objectName,
  name: objectName,
  port: portOfService,
  /** What the service speaks; a certificate is not checked by the API server's proxy. */
  scheme: z.enum(['http', 'https']).default('http'),
  /** In front of every path, where the component has a route prefix: `/prometheus`. */
  pathPrefix: z
    .string()
    .regex(/^(\/[A-Za-z0-9._-]+)*$/, 'a path that begins with / and does not end with it')
    .default(''),
})

const secretOrVariable = z.strictObject({
  /** A key of a Secret in the cluster. */
  secret: z.strictObject({ namespace: objectName, name: objectName, key: z.string().min(1) }).optional(),
  /** An environment variable of whoever starts the run. */
  variable: z.string().min(1).optional(),
})

/** In the order in which they are granted: each needs those before it. */
const clusterPermissions = ['traffic', 'app-faults'] as const

export const clusterSection = z
  .strictObject({
    /** From the folder of this file; without it KUBECONFIG, then ~/.kube/config. */
    kubeconfig: z.string().min(1).optional(),
    /** A context of the kubeconfig; `--context` names another. */
    context: z.string().min(1),
    /** The time profile whose promises hold there; the intervals themselves are read from what is deployed. */
    profile: z.enum(['fast', 'production']).default('production'),
    /**
     * What may be done there beside reading. `traffic`: requests of `apps` are sent through the ingress.
     * `app-faults`: the fault switches of the apps are used, which raises alerts.
     */
    allow: z.array(z.enum(clusterPermissions)).default([]),
    /**
     * Where the objects of the stack and its apps may be listed, for the claims about Kubernetes itself; without a
     * namespace these are skipped.
     */
    namespaces: z.array(objectName).default([]),
    /** While a run goes on nobody else sends requests to the apps, so that every count can be compared. */
    soleTraffic: z.boolean().default(false),
    services: z.strictObject({
      prometheus: service,
      loki: service.extend({ tenant: z.string().min(1).optional() }),
      alertmanager: service,
      /** Tempo's HTTP API: without it no claim about traces is judged. */
      tempo: service.extend({ tenant: z.string().min(1).optional() }).optional(),
      /** signalproof's own alert receiver, at the end of the routes: without it nobody can say what was delivered. */
      alertReceiver: service.optional(),
      /** An Alertmanager that hears the same alerts and neither groups nor inhibits. */
      alertmanagerNaive: service.optional(),
      /** The collector's own metrics, for evidence. */
      collectorMetrics: service.optional(),
    }),
    /** How requests reach the apps: an address, or the ingress' Service. */
    ingress: z
      .strictObject({ url: z.url({ protocol: /^https?$/ }).optional(), service: service.optional() })
      .optional(),
    /** The collector's configuration in force, which no address of it answers with; without it, the one of `sources`. */
    collectorConfiguration: z
      .strictObject({ namespace: objectName, configMap: objectName, key: z.string().min(1) })
      .optional(),
    /** How the pods of each app are found and asked; `{app}` stands for its name. */
    appPods: z
      .strictObject({
        labelSelector: z.string().includes('{app}').default('app.kubernetes.io/name={app}'),
        container: z.string().includes('{app}').or(objectName).default('{app}'),
        /** The port of /metrics. */
        port: z.int().min(1).max(65_535).default(8080),
        faultSwitch: z.strictObject({ port: z.int().min(1).max(65_535), token: secretOrVariable }).optional(),
      })
      .prefault({}),
  })
  .superRefine((cluster, context) => {
    const wrong = (path: PropertyKey[], message: string) =>
      context.addIssue({ code: 'custom', path, message })
    const { allow, ingress, services, appPods } = cluster
    if (ingress !== undefined && (ingress.url === undefined) === (ingress.service === undefined))
      wrong(['ingress'], 'either `url` or `service`')
    if (allow.includes('traffic') && ingress === undefined)
      wrong(['ingress'], 'where requests go that `allow` permits: `url` or `service`')
    if (!allow.includes('app-faults')) return
    const place = ['allow', allow.indexOf('app-faults')]
    if (!allow.includes('traffic')) wrong(place, '`traffic` beside `app-faults`: only a request can fail')
    if (services.alertReceiver === undefined)
      wrong(
        ['services', 'alertReceiver'],
        'a service, since `allow` permits app-faults: each is followed to what was delivered',
      )
    if (appPods.faultSwitch === undefined)
      wrong(['appPods', 'faultSwitch'], 'the port and token of the switches that `allow` permits to use')
    else if (
      (appPods.faultSwitch.token.secret === undefined) ===
      (appPods.faultSwitch.token.variable === undefined)
    )
      wrong(['appPods', 'faultSwitch', 'token'], 'either `secret` or `variable`')
  })

export type ClusterSection = z.output<typeof clusterSection>
export type ClusterService = ClusterSection['services']['prometheus']
