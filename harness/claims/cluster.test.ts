import { expect, test } from 'vitest'
import { Cluster } from './cluster.ts'
import { workloadDouble } from './cluster-doubles.ts'

test('a workload mounts the ConfigMaps that it names, alone or several in one folder', async () => {
  const there = ['config', 'rules', 'more-rules', 'of-nobody'].map((name) => ({ metadata: { name } }))
  const cluster = new Cluster({ list: async () => there } as never, { namespaces: [] } as never)
  const workload = workloadDouble('prometheus', {
    template: {
      spec: {
        containers: [],
        volumes: [
          { name: 'config', configMap: { name: 'config' } },
          {
            name: 'rules',
            projected: { sources: [{ configMap: { name: 'rules' } }, { configMap: { name: 'more-rules' } }] },
          },
          { name: 'data', emptyDir: {} },
        ],
      },
    },
  })
  const mounted = await cluster.mountedConfigMaps(workload)
  expect(mounted.map(({ metadata: { name } }) => name)).toEqual(['config', 'rules', 'more-rules'])
})
