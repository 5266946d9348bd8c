import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import type { SignalproofConfig } from './config-schema.ts'
import { alertsInGit, documentNames, readStackDocuments } from './stack-documents.ts'

const smallest = {
  'manifests/prometheus/prometheus.yaml': 'from: prometheus',
  'manifests/prometheus/flags.yaml': 'from: flags',
  'manifests/loki/loki.yaml': 'from: loki',
  'manifests/tempo/tempo.yaml': 'from: tempo',
  'manifests/collector/collector.yaml': 'from: collector',
  'manifests/traefik/traefik.yaml': 'from: traefik',
  'manifests/ingress/ingress.yaml': 'from: ingress',
  'alerts/alertmanager.yaml': 'route: { receiver: a }',
}

/** The documents of a project with the smallest files and these on top, but for those left out. */
function read(files: Readonly<Record<string, string>> = {}, leftOut = '', apps: readonly string[] = []) {
  const all = Object.entries({ ...smallest, ...files }).filter(([path]) => path !== leftOut)
  const folder = temporaryFolder(Object.fromEntries(all))
  onTestFinished(() => folder[Symbol.dispose]())
  const root = folder.path
  const sources = { alerts: 'alerts', manifests: 'manifests' }
  const project = {
    root,
    config: { sources, apps: apps.map((name) => ({ name })) } as unknown as SignalproofConfig,
  }
  return { root, documents: () => readStackDocuments(project), alerts: () => alertsInGit(project) }
}

test('reads every document under the name that --set calls it by', () => {
  const documents = read().documents()
  expect(Object.keys(documents).sort()).toEqual([...documentNames].sort())
  expect(documents.loki).toEqual({ from: 'loki' })
  expect(documents['prometheus-flags']).toEqual({ from: 'flags' })
  expect(documents.alertmanager).toEqual({ route: { receiver: 'a' } })
})

test("reads what each app's manifest tells the SDK, and nothing that is the cluster's own", () => {
  const deployment = `
spec:
  template:
    spec:
      containers:
        - { name: sidecar, env: [{ name: OTEL_SERVICE_NAME, value: other }] }
        - name: shop
          env:
            - { name: LISTEN_ADDRESS, value: "0.0.0.0:8080" }
            - { name: OTEL_SERVICE_NAME, value: shop }
            - { name: OTEL_FROM_ELSEWHERE, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
`
  const documents = read({ 'manifests/apps/shop/deployment.yaml': deployment }, '', [
    'shop',
    'foreign',
  ]).documents()
  expect(documents.apps).toEqual({ shop: { OTEL_SERVICE_NAME: 'shop' }, foreign: {} })
})

test('reads all rule files of a folder as one document, in the order of their names', () => {
  const documents = read({
    'alerts/metrics/b.yaml': 'groups: [{ name: b }]',
    'alerts/metrics/a.yaml': 'groups: [{ name: a1 }, { name: a2 }]',
    'alerts/metrics/kustomization.yaml': 'groups: [{ name: none }]',
    'alerts/metrics/notes.md': '# no rules',
    'alerts/metrics/empty.yaml': '',
  }).documents()
  expect(documents['metric-rules']).toEqual({ groups: [{ name: 'a1' }, { name: 'a2' }, { name: 'b' }] })
  expect(documents['log-rules']).toEqual({ groups: [] })
})

test('takes of the rules of objectives what they record, and none of their alerts', () => {
  const group = '{ name: a, rules: [{ record: r, expr: up }, { alert: A, expr: up }] }'
  const other = '{ name: b, interval: 2m, rules: [{ record: s, expr: up }] }'
  const { documents } = read({ 'alerts/slo/shop.yaml': `groups: [${group}, ${other}]` })
  expect(documents()['slo-rules']).toEqual({
    groups: [
      { name: 'a', interval: '30s', rules: [{ record: 'r', expr: 'up' }] },
      { name: 'b', interval: '2m', rules: [{ record: 's', expr: 'up' }] },
    ],
  })
  expect(read().documents()['slo-rules']).toEqual({ groups: [] })
})

test.each(['logs', 'metrics'])(
  'refuses a rule file in %s that ends in .yml: it would be left out',
  (signal) => {
    const { documents, alerts } = read({
      'alerts/logs/a.yaml': 'groups: [{ name: a, rules: [{ alert: A }] }]',
      [`alerts/${signal}/kustomization.yml`]: '',
      [`alerts/${signal}/b.yml`]: 'groups: []',
    })
    for (const reading of [documents, alerts]) {
      expect(reading).toThrow(
        expect.objectContaining({
          code: 'CONFIG_INVALID',
          account: expect.objectContaining({
            where: expect.stringMatching(new RegExp(`alerts/${signal}/b\\.yml$`)),
            remedy: 'rename it to b.yaml',
          }),
        }),
      )
    }
  },
)

test('refuses a missing file by its name', () => {
  const { root, documents } = read({}, 'manifests/loki/loki.yaml')
  expect(documents).toThrow(
    expect.objectContaining({
      code: 'CONFIG_UNREADABLE',
      account: expect.objectContaining({
        expected: 'a readable file',
        where: join(root, 'manifests/loki/loki.yaml'),
        seen: expect.stringContaining('ENOENT'),
        remedy: 'check `sources` in signalproof.config.ts',
      }),
    }),
  )
})

test('refuses a file that is no YAML with its line and column', () => {
  const { root, documents } = read({ 'alerts/alertmanager.yaml': 'route:\n  receiver: a\n  receiver: b\n' })
  expect(documents).toThrow(
    expect.objectContaining({
      code: 'CONFIG_UNREADABLE',
      account: expect.objectContaining({
        expected: 'valid YAML',
        seen: 'Map keys must be unique',
        where: `${join(root, 'alerts/alertmanager.yaml')}:3:3`,
      }),
    }),
  )
})

test('names the alerts of the rule files by signal, and no recording rule', () => {
  const { alerts } = read({
    'alerts/logs/a.yaml': 'groups: [{ name: a, rules: [{ alert: A }, { record: r }] }, { name: empty }]',
    'alerts/metrics/b.yaml': 'groups: [{ name: b, rules: [{ alert: B }, { alert: C }] }]',
  })
  expect(alerts()).toEqual({ logs: ['A'], metrics: ['B', 'C'] })
})

test.each(['logs', 'metrics'])(
  'refuses a folder of %s rules without any alert: nothing would be judged',
  (empty) => {
    const rules = 'groups: [{ name: a, rules: [{ alert: A }] }]'
    const { root, alerts } = read({
      'alerts/logs/a.yaml': rules,
      'alerts/metrics/a.yaml': rules,
      [`alerts/${empty}/a.yaml`]: 'groups: [{ name: a, rules: [{ record: r }] }]',
    })
    expect(alerts).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        account: expect.objectContaining({ seen: 'none', where: join(root, 'alerts', empty) }),
      }),
    )
  },
)
