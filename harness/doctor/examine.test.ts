import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { publisher, settingsIn } from '../toolchain/toolchain-doubles.ts'
import { examine } from './examine.ts'
import { componentPrograms, type Machine, makeMachine } from './machine-double.ts'
import type { Surroundings } from './surroundings.ts'
import { writeReport } from './write-report.ts'

vi.setConfig({ testTimeout: 30_000 })

const surroundingsOf = (machine: Machine, changes: Partial<Surroundings> = {}): Surroundings => ({
  settings: settingsIn(machine.folder, {
    environment: machine.environment,
    readOnly: true,
    startLimitMs: 1500,
  }),
  environment: machine.environment,
  projectRoot: join(machine.folder, 'project'),
  neededNode: 24,
  nodeVersion: '24.21.0',
  asksNetwork: false,
  ...changes,
})

/** What one check says, and what stands in the way of all. */
async function look(machine: Machine, name: string, changes: Partial<Surroundings> = {}) {
  const report = await examine(surroundingsOf(machine, changes))
  const facts = [...report.checks, ...report.components]
  return { report, fact: facts.find((fact) => fact.name === name) }
}

interface Row {
  readonly cause: string
  readonly check: string
  readonly state: string
  readonly says: string
  readonly changes?: Partial<Surroundings>
  readonly make?: (machine: Machine) => Promise<unknown>
}

const python = (answer: string, version = '3.12.1') =>
  `[ "$1" = --version ] && echo Python ${version} || echo ${answer}`

const rows: readonly Row[] = [
  {
    cause: 'a Go that is too old but fetches a newer one',
    check: 'Go',
    state: 'lacking',
    says: '1.25.3, and 1.26.0 is needed: it fetches that for itself',
    make: (machine) => machine.replace('go', '[ "$1" = version ] && echo go version go1.25.3 || echo auto'),
  },
  {
    cause: 'a Go that is too old and may not fetch another',
    check: 'Go',
    state: 'blocking',
    says: '1.25.3, and 1.26.0 is needed; GOTOOLCHAIN=local',
    make: (machine) => machine.replace('go', '[ "$1" = version ] && echo go version go1.25.3 || echo local'),
  },
  {
    cause: 'a Go from before it could fetch another',
    check: 'Go',
    state: 'blocking',
    says: '1.20.1, and 1.26.0 is needed',
    make: (machine) => machine.replace('go', 'echo go version go1.20.1'),
  },
  {
    cause: 'a Go that does not start',
    check: 'Go',
    state: 'blocking',
    says: 'GLIBC_2.34 not found',
    make: (machine) => machine.replace('go', 'echo GLIBC_2.34 not found >&2; exit 1'),
  },
  {
    cause: 'a Python without venv',
    check: 'Python',
    state: 'blocking',
    says: '3.12.1, ',
    make: (machine) => machine.replace('python3', python('python 3.12.1 venv pip')),
  },
  {
    cause: 'a Python that is too old',
    check: 'Python',
    state: 'blocking',
    says: 'Python 3.9.2',
    make: (machine) => machine.replace('python3', python('', '3.9.2')),
  },
  {
    cause: 'a newer Python beside one that is too old',
    check: 'Python',
    state: 'ready',
    says: '3.12.1 with pip and venv, ',
    make: async (machine) => {
      await machine.replace('python3.12', python('python 3.12.1 venv ensurepip pip'))
      await machine.replace('python3', python('', '3.9.2'))
    },
  },
  {
    cause: 'a Node that is too old',
    check: 'Node.js',
    state: 'blocking',
    says: '22.9.0, and 24 is needed',
    changes: { nodeVersion: '22.9.0' },
  },
  {
    cause: 'no project',
    check: 'project',
    state: 'blocking',
    says: 'no signalproof.config.ts here or in a folder above',
    changes: { projectRoot: undefined },
  },
  {
    cause: 'a cache folder that is a file',
    check: 'cache folder',
    state: 'blocking',
    says: 'is not a folder',
    make: (machine) => writeFile(join(machine.folder, 'cache'), ''),
  },
  {
    cause: 'a variable that names nothing usable',
    check: 'loki',
    state: 'unavailable',
    says: 'environment variable SIGNALPROOF_LOKI: /nonexistent/loki',
    make: async (machine) => Object.assign(machine.environment, { SIGNALPROOF_LOKI: '/nonexistent/loki' }),
  },
  {
    cause: 'a variable that names no browser',
    check: 'Chromium',
    state: 'lacking',
    says: 'CHROMIUM_PROGRAM=/nonexistent is no program; tests in a browser are skipped',
    make: async (machine) => Object.assign(machine.environment, { CHROMIUM_PROGRAM: '/nonexistent' }),
  },
  {
    cause: 'a variable that names a browser',
    check: 'Chromium',
    state: 'ready',
    says: '/bin/sh, for tests in a browser',
    make: async (machine) => Object.assign(machine.environment, { CHROMIUM_PROGRAM: '/bin/sh' }),
  },
  {
    cause: 'another version on PATH',
    check: 'loki',
    state: 'download',
    says: 'passed over on PATH: ',
    make: (machine) => machine.replace('loki', 'echo loki, version 3.0.0'),
  },
]

test.each(rows)('$cause: $state', async ({ check, state, says, changes, make }) => {
  await using machine = await makeMachine()
  const before = await look(machine, check)
  expect(before.report.verdict).toBe('ready')
  await make?.(machine)
  const { report, fact } = await look(machine, check, changes)
  expect(fact?.state).toBe(state)
  expect(fact?.seen).toContain(says)
  expect(fact).not.toEqual(before.fact)
  const isInTheWay = state === 'blocking' || state === 'unavailable'
  expect(report.verdict === 'not-ready').toBe(isInTheWay)
  expect(report.first).toBe(
    isInTheWay ? (state === 'unavailable' ? `loki: ${fact?.remedy}` : fact?.remedy) : null,
  )
})

test('a network is asked only when that is wished, by a question for the head of each archive', async () => {
  await using machine = await makeMachine([...componentPrograms])
  const methods: string[] = []
  await using server = await publisher((request, response) => {
    methods.push(request.method ?? '')
    response.writeHead(request.url?.includes('loki') === true ? 200 : 404).end()
  })
  const settings = { ...surroundingsOf(machine).settings, releaseHost: server.address }
  Object.assign(machine.environment, { GOPROXY: `${server.address}/proxy,direct` })
  const silent = await look(machine, 'loki', { settings })
  expect(silent.report.network).toBeNull()
  expect(server.asked).toEqual([])
  expect(silent.fact?.seen).toMatch(
    /^a release archive would be downloaded; if it is not reached, compiled, about \d+ min/,
  )
  expect(silent.report.cost).toMatchObject({ atLeastSeconds: 499, atMostSeconds: 1302, measuredOnCores: 2 })

  const asked = await look(machine, 'loki', { settings, asksNetwork: true })
  expect(methods).toEqual(['HEAD', 'HEAD', 'HEAD'])
  expect(asked.report.network).toMatchObject([
    { address: expect.stringContaining('loki-linux-amd64.zip'), reached: true },
    { address: expect.stringContaining('otelcol-contrib'), reached: false, seen: 'answer 404 Not Found' },
    {
      address: expect.stringMatching(/\/proxy\/github\.com\/prometheus\/prometheus\/@v\/v0\.316\.0\.mod$/),
      reached: false,
    },
  ])
  expect(asked.fact).toMatchObject({ state: 'download', seen: 'a release archive would be downloaded' })
  expect(asked.report.components.find(({ name }) => name === 'otelcol')).toMatchObject({
    state: 'build',
    seen: expect.stringContaining('its release archive is not reached, so it would be compiled'),
  })
  expect(asked.report.cost).toMatchObject({ atLeastSeconds: 762, atMostSeconds: 762 })
  const human = writeReport(asked.report, 80)
  expect(human).toMatch(/✓ reached +http.*loki-linux-amd64\.zip\n/)
  expect(human).not.toContain('was not asked')
})

test('where Go and the archives are missing, the component says which tool it waits for', async () => {
  await using machine = await makeMachine([...componentPrograms, 'go', 'unzip', 'python3'])
  const { report, fact } = await look(machine, 'loki')
  expect(fact).toMatchObject({
    state: 'unavailable',
    seen: 'no program on PATH opens its release archive, and compiling it needs Go',
    remedy: 'Go, as said above; or put loki 3.7.8 on PATH or set SIGNALPROOF_LOKI',
  })
  expect(report.summary).toBe('make verify cannot run here yet: 2 things are in the way')
})
