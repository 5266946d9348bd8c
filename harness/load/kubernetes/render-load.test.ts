import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { loadConfig } from '../../config/load-config.ts'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'
import { renderLoad } from './render-load.ts'
import { testRunSchema } from './test-run-schema.ts'
import { workloadFiles } from './workload-files.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const project = await loadConfig(root)
const script = join(root, 'load', 'steady.ts')
const request = { project, script, ratePerSecond: 200, durationMs: 120_000, runId: '20261125-Ab' }

interface Rendered {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly data?: Record<string, string>
  readonly spec?: Record<string, unknown>
}

const objectsIn = (text: string) => parseAllDocuments(text).map((document) => document.toJS() as Rendered)

test('a Job runs the files of the workload once, told what a run on this machine is told', () => {
  const text = renderLoad({ as: 'job', ...request })
  const [namespace, files, job] = objectsIn(text)
  expect(namespace?.metadata.name).toBe('load')
  expect(Object.keys(files?.data ?? {})).toEqual(expect.arrayContaining(['steady.ts', 'lib.workload.ts']))
  expect(job).toMatchObject({
    kind: 'Job',
    metadata: { name: 'load-20261125-ab', namespace: 'load' },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: 210,
      template: {
        spec: {
          containers: [
            {
              image: expect.stringMatching(/^grafana\/k6:2\.\d+\.\d+$/),
              args: ['run', '--quiet', '--log-format=json', '/load/steady.ts'],
              env: expect.arrayContaining([
                { name: 'LOAD_URL', value: 'http://traefik.ingress:80' },
                { name: 'LOAD_HOST', value: 'dev.local' },
                { name: 'LOAD_RATE', value: '200' },
                { name: 'LOAD_DURATION_SECONDS', value: '120' },
              ]),
            },
          ],
          volumes: [
            { configMap: { items: expect.arrayContaining([{ key: 'lib.shape.ts', path: 'lib/shape.ts' }]) } },
            {},
          ],
        },
      },
    },
  })
  expect(text).toContain('# - 200 requests a second at most, for 120 s: 24000 requests at most\n')
})

test('a TestRun shares the rate over its runners, and has no field that the operator does not know', () => {
  const text = renderLoad({ as: 'testrun', ...request, parallelism: 4 })
  const testRun = testRunSchema.parse(objectsIn(text)[2])
  expect(testRun.spec).toMatchObject({ parallelism: 4, script: { localFile: '/load/steady.ts' } })
  expect(text).toContain('shared by 4 runners, 50 requests a second each')
  expect(testRunSchema.safeParse({ ...testRun, spec: { ...testRun.spec, paralellism: 4 } }).success).toBe(
    false,
  )
})

test.each([
  ['job', 2, '1 runner of a Job'],
  ['testrun', 0, 'from 1 to the rate, 200'],
  ['testrun', 201, 'from 1 to the rate, 200'],
] as const)('%s with %d runners is wrong usage', (as, parallelism, expected) => {
  expect(() => renderLoad({ as, ...request, parallelism })).toThrow(expected)
})

test('without a way to the ingress inside the cluster it says what to state where', () => {
  const { cluster: _, ...config } = project.config
  expect(() => renderLoad({ as: 'job', ...request, project: { config } })).toThrow(
    /CONFIG_INVALID[\s\S]*signalproof\.config\.ts cluster\.ingress/,
  )
})

test('more than a ConfigMap holds is refused with the folder', () => {
  using folder = temporaryFolder({ 'big.ts': 'x'.repeat(1_100_000), 'notes.md': 'not part of it' })
  expect(() => workloadFiles(join(folder.path, 'big.ts'))).toThrow(/1100000 bytes in 1 files/)
})
