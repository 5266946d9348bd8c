import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { type ClusterPlanReport, writeClusterPlan } from './cluster-plan-text.ts'

const report: ClusterPlanReport = {
  environment: 'cluster',
  context: 'staging',
  kubeconfig: '.kube/staging',
  profile: 'production',
  allow: ['traffic'],
  namespaces: ['shop', 'observability'],
  claims: [
    { id: 'metrics.targets-up', layer: 'metrics', title: 'every target is up', willBe: 'checked' },
    {
      id: 'alerts.fires',
      layer: 'alerts',
      title: 'it fires',
      willBe: 'skipped',
      reason: 'no fault may be made',
    },
    {
      id: 'alerts.resolved',
      layer: 'alerts',
      title: 'it ends',
      willBe: 'skipped',
      reason: 'no fault may be made',
    },
  ],
  unlisted: ['scenarios/shop/own.test.ts'],
  changes: [{ what: '25 requests a second to each of shop', claims: [] }],
  requests: [
    {
      backend: 'kubernetes',
      place: 'the API server itself',
      at: '/',
      calls: [
        'GET /api/v1/namespaces/shop/pods',
        'GET /api/v1/namespaces/observability/pods',
        'GET /api/v1/namespaces/shop/services/loki',
      ],
    },
    {
      backend: 'ingress',
      place: 'its address',
      at: 'https://staging.example',
      calls: ['GET /', 'POST /orders'],
    },
  ],
  permissions: ['list pods in shop', 'list pods in observability', 'list nodes in the whole cluster'],
}

const linesAt = (columns: number, more: Partial<ClusterPlanReport> = {}): string[] =>
  stripVTControlCharacters(writeClusterPlan({ ...report, ...more }, columns)).split('\n')

test('says what is checked, what is skipped and why, what is changed, asked and needed', () => {
  expect(linesAt(100)).toEqual([
    'plan for the context staging',
    'kubeconfig .kube/staging; promises of the profile production; allowed beside reading: traffic.',
    '  Nothing was asked to write this.',
    '',
    '1 claims would be checked',
    '  metrics.targets-up',
    '    every target is up',
    '  and those of scenarios/shop/own.test.ts, which has rows of its own; they may ask what is listed',
    '    below',
    '',
    '2 claims would be skipped',
    '  no fault may be made',
    '    alerts.fires, alerts.resolved',
    '',
    'what it would change',
    '  25 requests a second to each of shop',
    '',
    'what it may ask; anything else is refused before it leaves this machine',
    '  {namespace} is each of shop, observability',
    '  kubernetes the API server itself',
    '    /',
    '      GET /api/v1/namespaces/{namespace}/pods',
    '      GET /api/v1/namespaces/shop/services/loki',
    '  ingress its address',
    '    https://staging.example',
    '      GET /',
    '      POST /orders',
    '',
    'permissions that the user of the context needs',
    '  list pods in shop, observability',
    '  list nodes in the whole cluster',
    '',
  ])
})

test('who allows nothing is told that nothing would be changed', () => {
  const lines = linesAt(100, { allow: [], changes: [] })
  expect(lines.join('\n')).toContain('what it would change\n  nothing\n')
  expect(lines.join('\n')).toContain('allowed beside reading: nothing.')
})

test('no line is wider than a narrow terminal, also one that is a long path', () => {
  const path = 'GET /apis/networking.k8s.io/v1/namespaces/shop/networkpolicies/for-everybody'
  const requests = [{ backend: 'kubernetes', place: 'the API server itself', at: '/', calls: [path] }]
  const lines = linesAt(40, { requests })
  expect(lines.filter((line) => line.length > 40)).toEqual([])
  expect(lines.join('').replaceAll(' ', '')).toContain(path.replaceAll(' ', ''))
})
