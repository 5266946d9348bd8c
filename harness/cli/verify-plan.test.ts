import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { loadConfig } from '../config/load-config.ts'
import { planCluster } from '../environments/cluster/cluster-plan.ts'
import { reportPlan } from './verify-plan.ts'

const root = join(import.meta.dirname, '..', '..')
const project = await loadConfig(root)
const everything = { layers: [], context: undefined }

const signalproof = (...args: readonly string[]) =>
  execa(process.execPath, [join(root, 'harness', 'cli', 'main.ts'), 'verify', ...args], {
    cwd: root,
    reject: false,
    // Whatever would ask a cluster would fail: there is no kubeconfig.
    env: { KUBECONFIG: '/nowhere', HOME: '/nowhere' },
  })

test('the plan of this repository lists every claim once, and every request that the forwarder lets through', () => {
  const plan = planCluster(project)
  const report = reportPlan({ project, plan, ...everything })
  expect(new Set(report.claims.map(({ id }) => id)).size).toBe(report.claims.length)
  expect(report.claims.filter(({ willBe }) => willBe === 'checked').length).toBeGreaterThan(20)
  expect(report.requests.map(({ calls }) => calls)).toEqual(plan.backends.map(({ calls }) => calls))
  expect(report.changes[0]?.what).toMatch(/^\d+ requests a second to each of /)
})

test('who allows nothing changes nothing', () => {
  const { cluster, ...config } = project.config
  if (cluster === undefined) throw new Error('expected a cluster in signalproof.config.ts, seen: none')
  const reading = { ...project, config: { ...config, cluster: { ...cluster, allow: [] } } }
  const report = reportPlan({ project: reading, plan: planCluster(reading), ...everything })
  expect(report.changes).toEqual([])
  expect(report.requests.map(({ backend }) => backend)).not.toContain('ingress')
})

test('the plan is printed without a kubeconfig, for people and for programs', async () => {
  const [text, json] = await Promise.all([
    signalproof('--env', 'cluster', '--plan', '--context', 'theirs'),
    signalproof('metrics', '--env', 'cluster', '--plan', '--json'),
  ])
  expect(text).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('plan for the context theirs') })
  const { claims } = JSON.parse(json.stdout) as { claims: { layer: string }[] }
  expect([...new Set(claims.map(({ layer }) => layer))]).toEqual(['platform', 'metrics'])
}, 30_000)

test.each([['--plan'], ['--context', 'theirs']])(
  '%s is refused where the stack is ours',
  async (...options) => {
    const { exitCode, stderr } = await signalproof('--env', 'process', ...options)
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('--env cluster') })
  },
  30_000,
)
