/** The frontend: one page that asks both APIs through the ingress and compares them, and the runbooks. */
import { runService, startOrExplain } from '../../node-service/src/run-service.ts'
import { readServiceSettings } from '../../node-service/src/service-settings.ts'
import { startTracing } from '../../node-service/src/tracing.ts'
import { readTracingSettings } from '../../node-service/src/tracing-settings.ts'
import { readClinic } from './clinic.ts'
import { createFrontendApp, createFrontendFaults } from './frontend-app.ts'
import { readIngress } from './frontend-settings.ts'

const name = 'frontend'

await startOrExplain(name, async () => {
  const { listen, faultSwitch } = readServiceSettings(process.env)
  const faults = createFrontendFaults()
  const service = createFrontendApp({
    ingress: readIngress(process.env),
    clinic: await readClinic(process.env),
    runbooks: process.env.RUNBOOKS_FOLDER || undefined,
    faults,
    tracing: await startTracing(readTracingSettings(name, process.env)),
  })
  const listeners = [{ what: name, app: service.app, listen }]
  if (faultSwitch !== undefined) {
    listeners.push({
      what: `${name}'s fault switch`,
      app: faults.admin(faultSwitch.token),
      listen: faultSwitch.listen,
    })
  }
  await runService(service, listeners)
})
