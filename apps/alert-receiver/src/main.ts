/** The alert receiver: Alertmanager's webhooks, kept with their time of arrival. */
import { runService, startOrExplain } from '../../node-service/src/run-service.ts'
import { readServiceSettings } from '../../node-service/src/service-settings.ts'
import { createSwitchAdmin } from '../../node-service/src/switch-admin.ts'
import { startTracing } from '../../node-service/src/tracing.ts'
import { readTracingSettings } from '../../node-service/src/tracing-settings.ts'
import { createReceiverApp } from './receiver-app.ts'
import { Refusals, refusalKind } from './refusals.ts'

const name = 'alert-receiver'

await startOrExplain(name, async () => {
  const { listen, faultSwitch } = readServiceSettings(process.env)
  const refusals = new Refusals()
  const tracing = await startTracing(readTracingSettings(name, process.env))
  const service = createReceiverApp({ refusals, tracing })
  const listeners = [{ what: name, app: service.app, listen }]
  if (faultSwitch !== undefined) {
    const app = createSwitchAdmin(faultSwitch.token, refusals.board, refusalKind)
    listeners.push({ what: `${name}'s fault switch`, app, listen: faultSwitch.listen })
  }
  await runService(service, listeners)
})
