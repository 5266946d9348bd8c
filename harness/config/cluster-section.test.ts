import { expect, test } from 'vitest'
import { clusterSection } from './cluster-section.ts'
import { writePath } from './load-config.ts'

const at = (name: string, port: number) => ({ namespace: 'observability', name, port })
const least = {
  context: 'staging',
  services: {
    prometheus: at('prometheus', 9090),
    loki: at('loki', 3100),
    alertmanager: at('alertmanager', 9093),
  },
}
const faultSwitch = { port: 9000, token: { variable: 'FAULT_SWITCH_TOKEN' } }
const everything = {
  ...least,
  allow: ['traffic', 'app-faults'],
  services: { ...least.services, alertReceiver: at('alert-receiver', 8080) },
  ingress: { url: 'https://staging.example' },
  appPods: { faultSwitch },
}

test('a context and three services are enough, and nothing is allowed', () => {
  expect(clusterSection.parse(least)).toMatchObject({
    allow: [],
    profile: 'production',
    soleTraffic: false,
    services: { prometheus: { scheme: 'http', pathPrefix: '' } },
    appPods: { labelSelector: 'app.kubernetes.io/name={app}', container: '{app}', port: 8080 },
  })
})

test('everything that can be allowed can be stated', () => {
  expect(clusterSection.parse(everything).allow).toEqual(['traffic', 'app-faults'])
})

const firstIssue = (section: unknown): string => {
  const [issue] = clusterSection.safeParse(section).error?.issues ?? []
  return issue === undefined ? 'nothing is wrong' : `${writePath(issue.path)}: ${issue.message}`
}

test.each([
  ['services.loki', { ...least, services: { ...least.services, loki: undefined } }],
  ['services.prometheus.port', { ...least, services: { ...least.services, prometheus: at('p', 0) } }],
  [
    'services.loki.pathPrefix',
    { ...least, services: { ...least.services, loki: { ...at('loki', 3100), pathPrefix: 'loki/' } } },
  ],
  ['allow[1]', { ...everything, allow: ['traffic', 'everything'] }],
  ['allow[0]', { ...everything, allow: ['app-faults'] }],
  ['ingress: where requests go', { ...least, allow: ['traffic'] }],
  ['ingress: either', { ...everything, ingress: { url: 'https://a.example', service: at('traefik', 80) } }],
  ['ingress: either', { ...everything, ingress: {} }],
  ['ingress.url', { ...everything, ingress: { url: 'staging.example' } }],
  ['services.alertReceiver', { ...everything, services: least.services }],
  ['appPods.faultSwitch', { ...everything, appPods: {} }],
  ['appPods.faultSwitch.token', { ...everything, appPods: { faultSwitch: { port: 9000, token: {} } } }],
  ['appPods.labelSelector', { ...least, appPods: { labelSelector: 'app=shop' } }],
])('%s is named when it is wrong', (place, section) => {
  expect(firstIssue(section)).toMatch(new RegExp(`^${place.replaceAll(/[[\].]/g, '\\$&')}`))
})
