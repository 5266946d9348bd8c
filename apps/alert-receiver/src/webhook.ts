import { z } from 'zod'

const labels = z.record(z.string(), z.string())
const status = z.enum(['firing', 'resolved'])

/** Alertmanager's webhook body, version 4. Keys that a later Alertmanager adds are let through. */
export const webhookBody = z.looseObject({
  version: z.literal('4'),
  groupKey: z.string().min(1),
  status,
  receiver: z.string().min(1),
  groupLabels: labels,
  commonLabels: labels,
  commonAnnotations: labels,
  externalURL: z.string(),
  alerts: z
    .array(
      z.looseObject({
        status,
        labels,
        annotations: labels,
        startsAt: z.iso.datetime({ offset: true }),
        endsAt: z.iso.datetime({ offset: true }),
        fingerprint: z.string().min(1),
      }),
    )
    .min(1),
})

export type WebhookBody = z.infer<typeof webhookBody>

export const receiverForm = '1 to 64 letters, digits, dots, underscores or dashes'

/** The name of a receiver as it stands in a webhook's path. */
export const receiverName = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, `must be ${receiverForm}`)

/** The receivers of alerts/alertmanager.yaml and the one for everything else: their series start at 0. */
export const knownReceivers = ['page', 'ticket', 'deadman', 'default'] as const
