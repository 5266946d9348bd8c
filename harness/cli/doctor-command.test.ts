import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, expect, test, vi } from 'vitest'
import { eventually, found, notYet } from '../core/eventually.ts'
import { type DoctorReport, doctorReport } from '../doctor/doctor-report.ts'
import { componentPrograms, type Machine, makeMachine, startDaemon } from '../doctor/machine-double.ts'

// The command is started as a process, twice for each PATH.
vi.setConfig({ testTimeout: 60_000 })

const main = join(import.meta.dirname, 'main.ts')

async function doctor(machine: Machine, ...flags: string[]) {
  const { stdout, stderr, exitCode } = await execa(process.execPath, [main, 'doctor', ...flags], {
    cwd: join(machine.folder, 'project'),
    env: machine.environment,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  })
  expect(stderr).toBe('')
  return { stdout, exitCode }
}

/** Both outputs of one machine; what is printed for programs is one object that follows the schema, and nothing else. */
async function examine(machine: Machine) {
  const [human, json] = await Promise.all([doctor(machine), doctor(machine, '--json')])
  expect(json.exitCode).toBe(human.exitCode)
  return {
    human: human.stdout,
    exitCode: human.exitCode,
    report: doctorReport.parse(JSON.parse(json.stdout)),
  }
}

/** The names of all that a report does not say in the same words as another; memory is what it is at the moment. */
function differences(report: DoctorReport, other: DoctorReport): string[] {
  const facts = ({ checks, components }: DoctorReport) =>
    new Map(
      [...checks, ...components].map((fact) => [
        fact.name,
        JSON.stringify(fact).replaceAll(/signalproof-doctor-\w+/g, ''),
      ]),
    )
  const [one, two] = [facts(report), facts(other)]
  return [...one.keys()].filter(
    (name) => !['memory', 'ports', 'disk'].includes(name) && one.get(name) !== two.get(name),
  )
}

interface Row {
  readonly missing: string
  readonly without: readonly string[] | 'everything'
  readonly exitCode: number
  readonly verdict: DoctorReport['verdict']
  /** The first lines, and other words of the output for people. */
  readonly head: RegExp
  readonly says: readonly string[]
  /** All that is said in other words than where everything is there. */
  readonly differs: readonly string[]
}

const rows: readonly Row[] = [
  {
    missing: 'Go',
    without: ['go'],
    exitCode: 3,
    verdict: 'not-ready',
    head: /^make verify cannot run here yet: one thing is in the way\nfirst: install Go 1\.26\.0 or later: https:\/\/go\.dev\/dl\n/,
    says: ['✗ Go            no go on PATH; it compiles a demo app\n', '→ install Go 1.26.0 or later'],
    differs: ['Go', 'its images'],
  },
  {
    missing: 'Python',
    without: ['python3'],
    exitCode: 3,
    verdict: 'not-ready',
    head: /^make verify cannot run here yet: one thing is in the way\nfirst: install Python 3\.11 or later with pip and venv/,
    says: ['✗ Python        no python3 on PATH; it runs a demo app\n', 'python3-pip python3-venv'],
    differs: ['Python', 'its images'],
  },
  {
    missing: 'a C compiler',
    without: ['cc'],
    exitCode: 0,
    verdict: 'ready',
    head: /^make verify can run here\n\nneeded/,
    says: ['✓ C compiler    none on PATH; not needed: Go compiles with CGO off'],
    differs: ['C compiler'],
  },
  {
    missing: 'Docker',
    without: ['docker'],
    exitCode: 0,
    verdict: 'ready',
    head: /^make verify can run here\n\nneeded/,
    says: ['· k3s           no docker on PATH, and no daemon answers'],
    differs: ['k3s'],
  },
  {
    missing: 'the components',
    without: componentPrograms,
    exitCode: 0,
    verdict: 'ready-after-install',
    head: /^make verify can run here; the first run also installs, (about|by) .*min/,
    says: [
      'no release archive is pinned, so it would be compiled',
      'its published wheel would be downloaded by pip',
      'Whether release archives are reached was not asked; --network asks.',
    ],
    differs: ['loki', 'prometheus', 'alertmanager', 'otelcol', 'traefik', 'tempo'],
  },
  {
    missing: 'everything',
    without: 'everything',
    exitCode: 3,
    verdict: 'not-ready',
    head: /^make verify cannot run here yet: 3 things are in the way\nfirst: install Node\.js with npm/,
    says: [
      'no npm on PATH',
      'no go on PATH; it compiles a demo app, and components',
      'Go, as said above; or put loki',
      'Python, as said above; or put traefik',
    ],
    differs: [
      'npm',
      'Go',
      'Python',
      'make',
      'git',
      'jq',
      'Chromium',
      'C compiler',
      'k3s',
      'its images',
      'your cluster',
      'loki',
      'prometheus',
      'alertmanager',
      'otelcol',
      'traefik',
      'tempo',
    ],
  },
]

/** Where everything is there: what every row is compared with. */
let whole: Awaited<ReturnType<typeof examine>>
beforeAll(async () => {
  await using machine = await makeMachine()
  whole = await examine(machine)
  expect(await machine.homeFiles(), 'nothing was written').toEqual([])
})

test('where everything is there, verify can run at once, and each tool is named with its file', () => {
  expect(whole).toMatchObject({ exitCode: 0, report: { verdict: 'ready', first: null, network: null } })
  expect(whole.human).toMatch(/^make verify can run here\n\nneeded/)
  expect(oneLine(whole.human)).toMatch(/✓ Go +1\.99\.0, .*bin\/go ✓/)
  expect(oneLine(whole.human)).toMatch(/✓ Python +3\.12\.1 with pip and venv, .*bin\/python3 ✓/)
  expect(whole.human).toMatch(/✓ your cluster +the context is kind-local$/)
  expect(whole.report.components.map(({ state }) => state)).toEqual(Array(6).fill('present'))
  expect(whole.report.cost).toMatchObject({ atMostSeconds: 0, atMostMegabytes: 0, installedMegabytes: 0 })
})

test('what a cluster takes beside the stack is said with its cost, and is no matter of verify', () => {
  expect(whole.report.clusterComponents.map(({ name, state }) => [name, state])).toEqual([
    ...['kubernetes', 'metrics-server', 'coredns', 'pause'].map((name) => [name, 'build']),
    ['kubectl', 'download'],
  ])
  const row = whole.report.checks.find(({ name }) => name === 'its images')
  expect(row?.state).toBe('lacking')
  expect(row?.seen).toMatch(
    /^where no registry is reached: kubectl would be downloaded; kubernetes, .* compiled, about \d+ min on \d+ cores and 7\.6 GB of disk, once; tree node, tree apps of Debian would be made, about 2 min, once; 0\.7 GB stay$/,
  )
  expect(row?.remedy).toContain('signalproof toolchain install cluster')
})

test.each(rows)('without $missing: $verdict, status $exitCode', async ({ without, ...expected }) => {
  await using machine = await makeMachine(without)
  const { human, exitCode, report } = await examine(machine)
  expect([exitCode, report.verdict]).toEqual([expected.exitCode, expected.verdict])
  expect(human).toMatch(expected.head)
  for (const words of expected.says) expect(oneLine(human)).toContain(oneLine(words))
  // Each claim of the row is another one where the tool is there, and no other claim is.
  expect(differences(report, whole.report).toSorted()).toEqual(expected.differs.toSorted())
  const tooLong = human.split('\n').filter((line) => line.length > 80 && line.trim().split(' ').length > 2)
  expect(tooLong).toEqual([])
  expect(human, 'no colours where nobody can see them').not.toContain('\u001b')
  expect(await machine.homeFiles(), 'nothing was written').toEqual([])
})

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim()

test('a Docker daemon that answers is told from one that is stuck, whether or not docker is on PATH', async () => {
  await using machine = await makeMachine(['docker'])
  {
    await using _daemon = await startDaemon(machine, '28.1.1')
    expect((await doctor(machine)).stdout).toMatch(/✓ k3s +Docker 28\.1\.1 answers/)
  }
  await using _stuck = await startDaemon(machine)
  expect((await doctor(machine)).stdout).toContain('no docker on PATH, and no daemon')
})

test('tools that are stuck are said to be, and are ended: the doctor does not wait for them', async () => {
  await using machine = await makeMachine(['loki'])
  // With a child, which would keep the pipe open after its parent's end.
  const stuck = `echo $$ >> ${machine.folder}/pids; /bin/sleep 600`
  for (const name of ['go', 'python3', 'kubectl', 'prometheus']) await machine.replace(name, stuck)
  const { stdout, exitCode } = await doctor(machine)
  expect(exitCode).toBe(3)
  expect(stdout).toContain('✗ Go            no answer within 1.5 s')
  expect(stdout).toContain('✗ Python        no answer within 1.5 s')
  expect(oneLine(stdout)).toMatch(/your cluster \S+kubectl: no answer within 1\.5 s/)
  expect(oneLine(stdout)).toMatch(/passed over on PATH: \S+bin\/prometheus: no answer within 1\.5 s/)
  const pids = (await readFile(join(machine.folder, 'pids'), 'utf8')).trim().split('\n').map(Number)
  expect(pids.length).toBeGreaterThanOrEqual(4)
  await eventually(
    'no stuck tool is left',
    () => (pids.some(isAlive) ? notYet(`${pids.filter(isAlive).join(', ')} alive`) : found(true)),
    { withinMs: 5000, remedy: 'look at the test' },
  )
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('settings that cannot be read are a report, too', async () => {
  await using machine = await makeMachine()
  Object.assign(machine.environment, { SIGNALPROOF_CACHE: 'relative' })
  const { human, exitCode, report } = await examine(machine)
  expect(exitCode).toBe(3)
  expect(human).toMatch(/^make verify cannot run here yet: one thing .*\nfirst: write the whole path/)
  expect(report).toMatchObject({
    cacheFolder: null,
    cost: null,
    checks: [{ name: 'settings', state: 'blocking' }],
  })
})
