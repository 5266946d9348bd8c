import { expect, test } from 'vitest'
import { workloadDouble } from './cluster-doubles.ts'
import type { VolumeMount } from './cluster-objects.ts'
import { wrongRulerMounts } from './cluster-ruler-mounts.ts'

const mounts: Readonly<Record<string, VolumeMount>> = {
  config: { name: 'config', mountPath: '/etc/loki', readOnly: true },
  rules: { name: 'rules', mountPath: '/etc/loki-rules/fake', readOnly: true },
  data: { name: 'data', mountPath: '/var/loki' },
}
const loki = (
  changes: Readonly<Record<string, VolumeMount | undefined>> = {},
  args = ['-config.file=/etc/loki/loki.yaml'],
) =>
  workloadDouble('loki', {
    template: {
      spec: {
        containers: [
          {
            name: 'loki',
            image: 'grafana/loki:3',
            args,
            volumeMounts: Object.values({ ...mounts, ...changes }).filter((mount) => mount !== undefined),
          },
        ],
        volumes: [
          { name: 'config', configMap: { name: 'loki' } },
          { name: 'rules', configMap: { name: 'log-rules' } },
          { name: 'data', emptyDir: {} },
        ],
      },
    },
  })
const configuration = (ruler: object = {}) => ({
  ruler: {
    storage: { type: 'local', local: { directory: '/etc/loki-rules' } },
    rule_path: '/var/loki/rules-temp',
    ...ruler,
  },
})
const judge = (workload = loki(), document: unknown = configuration(), rules = ['log-rules']) =>
  wrongRulerMounts(workload, document, rules).join('\n')

test('three mounts, of which only the scratch folder is writable', () => expect(judge()).toBe(''))

test.each([
  [
    'the rules one level too high',
    loki({ rules: { name: 'rules', mountPath: '/etc/loki-rules', readOnly: true } }),
    configuration(),
    'ConfigMap log-rules is mounted at /etc/loki-rules, one level too high: the ruler reads the rules of its one tenant from /etc/loki-rules/fake',
  ],
  [
    'the rules elsewhere',
    loki({ rules: { name: 'rules', mountPath: '/rules', readOnly: true } }),
    configuration(),
    'ConfigMap log-rules is mounted at /rules: the ruler reads',
  ],
  [
    'rules that are not mounted',
    loki({ rules: undefined }),
    configuration(),
    'ConfigMap log-rules, which holds rules, is not mounted',
  ],
  [
    'rules that may be written to',
    loki({ rules: { name: 'rules', mountPath: '/etc/loki-rules/fake' } }),
    configuration(),
    'the rules at /etc/loki-rules/fake may be written to',
  ],
  [
    'a scratch folder among the rules',
    loki({ data: { name: 'data', mountPath: '/etc/loki-rules' } }),
    configuration({ rule_path: '/etc/loki-rules/temp' }),
    'rule_path /etc/loki-rules/temp lies in the folder of the rules',
  ],
  [
    'a scratch folder that is read-only',
    loki({ data: { name: 'data', mountPath: '/var/loki', readOnly: true } }),
    configuration(),
    'which cannot be written to',
  ],
  [
    'a scratch folder on no volume',
    loki({ data: undefined }),
    configuration(),
    'rule_path /var/loki/rules-temp is on no volume',
  ],
  [
    'a configuration among the rules',
    loki({ config: { name: 'config', mountPath: '/etc/loki-rules/config', readOnly: true } }, [
      '-config.file=/etc/loki-rules/config/loki.yaml',
    ]),
    configuration(),
    'lies in the folder of the rules',
  ],
  [
    'a configuration of no ConfigMap',
    loki({}, ['-config.file=/var/loki/loki.yaml']),
    configuration(),
    'comes from no ConfigMap',
  ],
  ['a configuration on no volume', loki({}, ['-config.file=/loki.yaml']), configuration(), 'is on no volume'],
  ['no configuration', loki({}, []), configuration(), 'no argument names its config.file'],
  ['no ruler at all', loki(), {}, 'its configuration no ruler.storage.local.directory'],
])('%s is named', (_, workload, document, words) => expect(judge(workload, document)).toContain(words))

test('a ruler without any rules proves nothing', () => {
  expect(judge(loki(), configuration(), [])).toBe('Deployment apps/loki mounts no ConfigMap with rules')
})
