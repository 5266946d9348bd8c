import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { findProjectRoot, loadConfig, writePath } from './load-config.ts'

const valid = {
  ingress: { host: 'dev.local' },
  sources: { alerts: 'alerts', manifests: 'manifests' },
  apps: [
    {
      name: 'shop',
      namespace: 'apps',
      good: [{ path: '/', route: '/', status: 200 }],
      otherAnswers: [],
      faultStatuses: [],
    },
  ],
  scrapedJobs: [],
  metrics: { requestsCounter: 'requests', durationHistogram: 'seconds' },
  logs: {
    streamLabels: ['app'],
    namespace: 'apps',
    fields: { status: 's', route: 'r', requestId: 'i', method: 'm' },
  },
  alerts: {
    logBurst: 'A',
    page: 'B',
    watchdogs: { metrics: 'W', logs: 'V' },
    receivers: { page: 'p', ticket: 't', deadman: 'd' },
    stack: {
      slowRoute: 'C',
      targetDown: 'D',
      targetMissing: 'E',
      ruleFailing: 'F',
      rulerCutOff: 'G',
      collectorCutOff: 'H',
      logsSilent: 'I',
    },
  },
  traffic: { perAppPerSecond: 1 },
  promises: [],
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder(files)
  onTestFinished(() => folder[Symbol.dispose]())
  return folder.path
}

const projectWith = (text: string) => folderWith({ 'signalproof.config.ts': text })
const projectOf = (config: unknown) => projectWith(`export default ${JSON.stringify(config)}`)

test('finds the configuration from any folder below it, and fills in what may be left out', async () => {
  const root = projectOf(valid)
  const below = join(root, 'a', 'b')
  mkdirSync(below, { recursive: true })
  const loaded = await loadConfig(below)
  expect(loaded.root).toBe(root)
  expect(loaded.config.apps[0]?.good[0]).toEqual({
    method: 'GET',
    path: '/',
    route: '/',
    status: 200,
    causes: [],
  })
})

test('says where it looked when there is none', () => {
  const root = folderWith({})
  expect(() => findProjectRoot(root)).toThrow(
    expect.objectContaining({
      code: 'CONFIG_UNREADABLE',
      account: expect.objectContaining({
        expected: `a signalproof.config.ts in ${root} or a folder above it`,
        seen: 'none',
      }),
    }),
  )
})

test.each([
  [{ ...valid, apps: [] }, 'apps', /expected array to have >=1 items/],
  [
    { ...valid, apps: [{ ...valid.apps[0], name: 'My Shop' }] },
    'apps[0].name',
    /a lower-case name as Kubernetes takes it/,
  ],
  [
    { ...valid, apps: [{ ...valid.apps[0], good: [{ path: 'x', route: '/', status: 200 }] }] },
    'apps[0].good[0].path',
    /must start with "\/"/,
  ],
  [{ ...valid, traffic: { perAppPerSecond: 0 } }, 'traffic.perAppPerSecond', />0/],
  [{ ...valid, sources: { ...valid.sources, manifest: 'x' } }, 'sources', /Unrecognized key: "manifest"/],
  [
    { ...valid, promises: [{ id: 'a', alert: 'A', deliveredWithinMs: { slow: 1 } }] },
    'promises[0].deliveredWithinMs',
    /./,
  ],
])('refuses a wrong value with its path (case %#)', async (config, path, seen) => {
  const root = projectOf(config)
  await expect(loadConfig(root)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    account: {
      where: expect.stringContaining(`signalproof.config.ts ${path}`),
      seen: expect.stringMatching(seen),
    },
  })
})

test('refuses a module that does not load, and says why', async () => {
  const root = projectWith("throw new Error('no such variable: REGION')")
  await expect(loadConfig(root)).rejects.toMatchObject({
    code: 'CONFIG_UNREADABLE',
    account: { where: join(root, 'signalproof.config.ts'), seen: 'no such variable: REGION' },
  })
})

test('refuses a module without a default export', async () => {
  await expect(loadConfig(projectWith('export const config = {}'))).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
  })
})

test.each([
  [[], ''],
  [['apps', 0, 'good', 12, 'path'], 'apps[0].good[12].path'],
  [[0, 'a'], '[0].a'],
])('writes the path %j as code has it', (path, text) => {
  expect(writePath(path)).toBe(text)
})
