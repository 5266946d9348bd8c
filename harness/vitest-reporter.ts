import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { BroadcastChannel } from 'node:worker_threads'
import type { Reporter, TestModule, TestRunEndReason, TestSpecification, Vitest } from 'vitest/node'
import type { RecordEntry } from './claims/claim-record.ts'
import type { OpenRun } from './claims/open-run.ts'
import { readRunRecord, recordChannel } from './claims/run-record.ts'
import { epochMs } from './core/clock.ts'
import { exitStatus } from './core/error-codes.ts'
import { exitStatusOf, SignalproofError } from './core/signalproof-error.ts'
import { type EnvironmentKind, environmentKinds } from './environments/contract.ts'
import { tellCi } from './report/ci/tell-ci.ts'
import { prepareReport, reportLine } from './report/html/report-line.ts'
import { writeJunit } from './report/junit.ts'
import { exitStatusOfVerdict, makeLoadFile, makeResult, type RunResult } from './report/run-result.ts'
import { writeSummary } from './report/summary.ts'
import type { InstallEvent } from './toolchain/install-progress.ts'

// Vitest loads global set-up by a module graph of its own, so the two meet at a well-known name.
const wellKnown = globalThis as unknown as Record<symbol, WeakMap<Vitest, SignalproofReporter> | undefined>
const hostsKey = Symbol.for('signalproof.reporters')
wellKnown[hostsKey] ??= new WeakMap()
const hosts: WeakMap<Vitest, SignalproofReporter> = wellKnown[hostsKey]

/** The Vitest projects whose tests are claims are called by their environment. */
const isScenarioProject = (name: string): name is EnvironmentKind =>
  (environmentKinds as readonly string[]).includes(name)

export interface ReporterParts {
  /** Hears everything as it happens, for live progress. */
  readonly onEntry?: (entry: RecordEntry) => void
  readonly onInstall?: (event: InstallEvent) => void
  readonly print?: (text: string) => void
  /** Ends the opening of the run, and with it whatever it started. */
  readonly signal?: AbortSignal
}

/**
 * Sits between Vitest and the run: tells the run which claims are selected, and writes the run's files when its tests
 * have ended. `signalproof verify` and `npx vitest` use it alike.
 */
export class SignalproofReporter implements Reporter {
  /** What the run found, once it has ended. */
  result: RunResult | undefined
  /** Why no run could be opened. */
  openFailure: unknown
  private readonly parts: ReporterParts
  private vitest: Vitest | undefined
  private run: OpenRun | undefined
  private channel: BroadcastChannel | undefined
  private selectsScenarios = false

  constructor(parts: ReporterParts = {}) {
    this.parts = parts
  }

  get signal(): AbortSignal {
    return this.parts.signal ?? new AbortController().signal
  }

  onInstall = (event: InstallEvent): void => this.parts.onInstall?.(event)

  onInit(vitest: Vitest): void {
    this.vitest = vitest
    hosts.set(vitest, this)
  }

  async onTestRunStart(specifications: readonly TestSpecification[]): Promise<void> {
    const mine = specifications.filter(({ project }) => isScenarioProject(project.name))
    this.selectsScenarios = mine.length > 0
    const project = mine[0]?.project
    if (project === undefined) return
    const { testFiles } = await project.globTestFiles()
    project.provide('signalproofSelection', {
      allFiles: testFiles.sort(),
      selectedFiles: mine.map(({ moduleId }) => moduleId),
      titlePattern: this.vitest?.config.testNamePattern?.source ?? null,
    })
  }

  opened(run: OpenRun): void {
    this.run = run
    this.channel = new BroadcastChannel(recordChannel(run.seed.runId))
    this.channel.onmessage = (message: unknown) => {
      const { data: entry } = message as { data: RecordEntry }
      // By then nothing is timed to the millisecond any more, and this thread only listens; at the end somebody waits for it.
      if (entry.kind === 'claim-started' && entry.id === 'dashboards.panels-alive') void prepareReport()
      this.parts.onEntry?.(entry)
    }
    this.channel.unref()
  }

  failedToOpen(thrown: unknown): void {
    this.openFailure = thrown
  }

  async onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly unknown[],
    reason: TestRunEndReason,
  ): Promise<void> {
    if (!this.selectsScenarios) return
    if (this.run === undefined) {
      if (this.openFailure !== undefined) process.exitCode = exitStatusOf(this.openFailure)
      return
    }
    const { seed } = this.run
    if (reason !== 'interrupted') await this.run.settled()
    this.channel?.close()
    const scenarioModules = modules.filter(({ project }) => isScenarioProject(project.name))
    const failed = scenarioModules.flatMap((module) => module.errors()).map(({ message }) => message)
    const record = readRunRecord(seed.folder)
    const outsideClaims = [...failed, ...errors.map((error) => (error as Error).message ?? String(error))]
    if (outsideClaims.length === 0 && selectedNone(record)) {
      this.refuseEmptySelection()
      return
    }
    this.result = makeResult({
      seed,
      record,
      endedAt: epochMs(),
      outsideClaims,
      interrupted: reason === 'interrupted',
    })
    writeFileSync(join(seed.folder, 'result.json'), `${JSON.stringify(this.result, null, 2)}\n`)
    const loadFile = makeLoadFile(this.result, record)
    if (loadFile !== undefined)
      writeFileSync(join(seed.folder, 'load.json'), `${JSON.stringify(loadFile, null, 2)}\n`)
    writeFileSync(join(seed.folder, 'junit.xml'), writeJunit(this.result))
    process.exitCode = Math.max(Number(process.exitCode ?? 0), exitStatusOfVerdict[this.result.verdict])
    const runFolder = relative(process.cwd(), seed.folder) || '.'
    const report = await reportLine(seed.folder, runFolder)
    const print = this.parts.print ?? ((text: string) => process.stderr.write(text))
    print(
      writeSummary(this.result, {
        // Elsewhere each claim had its line when it was judged.
        listProven: process.stderr.isTTY || this.parts.onEntry === undefined,
        columns: process.stderr.columns ?? 100,
        runFolder,
        report,
      }),
    )
    tellCi(this.result, process.env, print)
  }

  /** Vitest calls a run in which `-t` matches nothing a success; here it proves nothing. */
  private refuseEmptySelection(): void {
    this.openFailure = new SignalproofError('USAGE_NO_CLAIM_MATCHES', {
      expected: 'the filter to match at least one claim',
      seen: `no claim whose title matches ${this.vitest?.config.testNamePattern?.source ?? 'the selected files'}`,
      remedy: 'a claim is called by its id, such as logs.stored',
    })
    // Whoever drives this reporter reports the failure; Vitest's own command does not know it.
    if (this.parts.print === undefined) process.stderr.write(`${(this.openFailure as Error).message}\n`)
    process.exitCode = exitStatus.usage
  }
}

const selectedNone = (record: readonly RecordEntry[]): boolean =>
  !record.some((entry) => entry.kind === 'selected' && entry.claims.length > 0)

/** The reporter of a Vitest instance, which is the host of its run. @throws SignalproofError CONFIG_INVALID */
export function hostOf(vitest: Vitest): SignalproofReporter {
  const host = hosts.get(vitest)
  if (host !== undefined) return host
  throw new SignalproofError('CONFIG_INVALID', {
    expected: 'the SignalproofReporter among the reporters of Vitest',
    seen: 'other reporters only',
    remedy:
      'add `new SignalproofReporter()` to `reporters` in vitest.config.ts; --reporter on the command line leaves it out',
  })
}
