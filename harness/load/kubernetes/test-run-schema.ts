import { z } from 'zod'

/**
 * The resource TestRun (k6.io/v1alpha1) of k6-operator, as far as we write it; fields that it does not have are refused. Its
 * source is the operator's api/v1alpha1/testrun_types.go. What a pod takes is Kubernetes' to say, so it is left open here.
 */
const pod = z.strictObject({
  image: z.string(),
  imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']),
  /** A text, not a boolean. */
  automountServiceAccountToken: z.enum(['true', 'false']),
  env: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  resources: z.looseObject({}),
  securityContext: z.looseObject({}),
  containerSecurityContext: z.looseObject({}),
  volumes: z.array(z.looseObject({ name: z.string() })),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })),
})

/** A pod of the operator's own beside the runners: it takes what a namespace asks of every pod. */
const helperPod = z.strictObject({
  securityContext: z.looseObject({}),
  containerSecurityContext: z.looseObject({}),
})

export const testRunSchema = z.strictObject({
  apiVersion: z.literal('k6.io/v1alpha1'),
  kind: z.literal('TestRun'),
  metadata: z.strictObject({
    name: z.string(),
    namespace: z.string(),
    labels: z.record(z.string(), z.string()),
  }),
  spec: z.strictObject({
    parallelism: z.number().int().positive(),
    /** Of `k6 run`, as one text. */
    arguments: z.string().optional(),
    script: z.strictObject({ localFile: z.string().startsWith('/') }),
    cleanup: z.literal('post').optional(),
    initializer: helperPod,
    starter: helperPod,
    runner: pod,
  }),
})

export type TestRun = z.output<typeof testRunSchema>
