import { expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Cluster } from './cluster.ts'
import { workloadDouble } from './cluster-doubles.ts'
import type { ConfigMap } from './cluster-objects.ts'
import { addRule, ruleFilesIn, withGroup } from './cluster-rule-edit.ts'

const configMap = (data: Record<string, string>): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'rules', namespace: 'observability' },
  data,
})
const rules = 'groups:\n  - name: one\n    rules:\n      - alert: A\n        expr: up == 0\n'

test('finds the files of rules among everything that is mounted', () => {
  const files = ruleFilesIn([
    configMap({
      'loki.yaml': 'ruler: {}\n',
      'one.yaml': rules,
      'notes.txt': rules,
      'empty.yaml': 'groups: []',
    }),
  ])
  expect(files.map(({ key }) => key)).toEqual(['one.yaml'])
})

test('adds a group and leaves the others as they are', () => {
  const edited = parse(withGroup(rules, 'Added', '250ms')) as { groups: unknown[] }
  expect(edited.groups).toHaveLength(2)
  expect(edited.groups[0]).toEqual((parse(rules) as { groups: unknown[] }).groups[0])
  expect(edited.groups[1]).toMatchObject({ interval: '250ms', rules: [{ alert: 'Added' }] })
})

function clusterDouble() {
  const patches: { kind: string; patch: unknown }[] = []
  const api = {
    patch: async ({ kind }: { kind: string }, patch: unknown) => void patches.push({ kind, patch }),
  }
  return { cluster: { api } as unknown as Cluster, patches }
}
const workload = (annotations: Record<string, string>) =>
  workloadDouble('loki', { template: { metadata: { annotations }, spec: { containers: [] } } })
const [file] = ruleFilesIn([configMap({ 'one.yaml': rules })])
if (file === undefined) throw new Error('no file')

test('writes the rule and the checksum that rolls it out, and puts both back', async () => {
  const { cluster, patches } = clusterDouble()
  const edit = await addRule(
    cluster,
    workload({ 'signalproof.dev/configuration': 'before' }),
    file,
    'Added',
    '1s',
  )
  expect(patches.map(({ kind }) => kind)).toEqual(['ConfigMap', 'Deployment'])
  expect(JSON.stringify(patches[0])).toContain('Added')
  expect(JSON.stringify(patches[1])).not.toContain('before')
  await edit.undo()
  expect(patches.slice(2).map(({ patch }) => patch)).toEqual([
    { data: { 'one.yaml': rules } },
    { spec: { template: { metadata: { annotations: { 'signalproof.dev/configuration': 'before' } } } } },
  ])
})

test('without a checksum a deploy would roll nothing out: nothing is edited', async () => {
  const { cluster, patches } = clusterDouble()
  await expect(addRule(cluster, workload({}), file, 'Added', '1s')).rejects.toMatchObject({
    code: 'CLAIM_BROKEN',
    account: { seen: 'none, so that an edited rule would never be read' },
  })
  expect(patches).toEqual([])
})
