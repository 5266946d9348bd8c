/** `npm test`: every test there is, in order, and one line over all of them at the end. */
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { newRunId } from '../harness/core/run-id.ts'
import { findDaemon } from '../harness/environments/k3s/docker-daemon.ts'
import { judgeDocker } from './docker-tests.ts'
import { goTestOutput } from './go-test-output.ts'
import { readGo, readJunit, readVitest } from './test-reports.ts'
import { failureLines, type RunnerResult, runTests, type TestRunner, totalLine } from './test-runners.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const reports = `${root}.signalproof/tests/${newRunId()}`
const python = `${root}apps/available-schedules-python`
const setUp = '`make test`, which sets up what the tests need'

const runners: readonly TestRunner[] = [
  vitest('unit'),
  // Skipped, and counted so, where there is no Chromium.
  vitest('browser'),
  {
    name: 'available-schedules-python',
    command: [`${python}/.venv/bin/python`, '-m', 'pytest', `--junitxml=${reports}/python.xml`],
    cwd: python,
    report: `${reports}/python.xml`,
    read: readJunit,
    remedy: setUp,
  },
  {
    name: 'available-schedules-go',
    command: ['go', 'test', '-json', './...'],
    cwd: `${root}apps/available-schedules-go`,
    report: `${reports}/go.jsonl`,
    read: readGo,
    show: goTestOutput,
    remedy: 'installing Go (https://go.dev/dl)',
  },
  // After both suites: what each says of its own app comes before what they say of each other.
  vitest('agreement'),
  {
    name: 'alert rules',
    command: [process.execPath, 'harness/cli/main.ts', 'rules', 'test', '--junit', `${reports}/rules.xml`],
    cwd: root,
    report: `${reports}/rules.xml`,
    read: readJunit,
    remedy: setUp,
  },
  // Another generator of burn-rate alerts, asked about the same objectives.
  vitest('sloth'),
  // Wrong edits of the rules: each has to turn the case red that is there for it.
  vitest('wrong-edits'),
  // The objectives' alerts by the clock, on services that fail at exact ratios.
  vitest('burn-rates'),
  {
    name: 'layers',
    command: [process.execPath, 'harness/cli/main.ts', 'verify', '--out', `${reports}/verify`],
    cwd: root,
    report: `${reports}/verify/junit.xml`,
    read: readJunit,
    remedy: setUp,
  },
  // After the layers, because it starts a stack of its own from the components that they have made.
  vitest('package'),
  // Breaks the stack once for every claim: each has to be the one that is named.
  vitest('drill'),
  // Installs k6 where it is missing.
  vitest('k6'),
]

/** What needs a Docker daemon. */
const onDocker: readonly TestRunner[] = [
  {
    name: 'layers on k3s',
    command: [
      process.execPath,
      'harness/cli/main.ts',
      'verify',
      '--env',
      'k3s',
      '--out',
      `${reports}/verify-k3s`,
    ],
    cwd: root,
    report: `${reports}/verify-k3s/junit.xml`,
    read: readJunit,
    remedy: setUp,
  },
  // After the layers, which have made the node and its images: a test has no time to compile Kubernetes.
  vitest('docker'),
]

function vitest(project: string): TestRunner {
  const report = `${reports}/${project}.json`
  return {
    name: project,
    command: [
      'vitest',
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    cwd: root,
    report,
    read: readVitest,
    remedy: setUp,
  }
}

let isInterrupted = false
const ending = new AbortController()
process.on('SIGTERM', () => interrupt(true))
// A terminal sends Ctrl-C to the running program as well: a second signal would keep it from ending in order.
process.on('SIGINT', () => interrupt(!process.stdin.isTTY))

function interrupt(passOn: boolean): void {
  isInterrupted = true
  if (passOn) ending.abort()
}

const docker = judgeDocker(
  await findDaemon(process.env),
  process.env,
  onDocker.map(({ name }) => name),
)
const results: RunnerResult[] = docker.failure === undefined ? [] : [docker.failure]
for (const runner of docker.run ? [...runners, ...onDocker] : runners) {
  process.stdout.write(`\n── ${runner.name} ──\n`)
  const result = await runTests(runner, ending.signal)
  if (isInterrupted) process.exit(130)
  results.push(result)
}

process.stdout.write('\n')
for (const { name, counts, problems } of results) {
  process.stdout.write(
    `${name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`,
  )
  for (const problem of problems) process.stdout.write(`  ${problem}\n`)
}
if (docker.notRun !== undefined) process.stdout.write(`${docker.notRun}\n`)
process.stdout.write(`reports: ${relative(process.cwd(), reports)}\n`)
for (const line of failureLines(results)) process.stdout.write(`${line}\n`)
process.stdout.write(`${totalLine(results)}\n`)
process.exitCode = results.every(({ counts }) => counts.failed === 0) ? 0 : 1
