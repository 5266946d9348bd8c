import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { AlertReceiver } from '../backends/alert-receiver.ts'
import { Alertmanager } from '../backends/alertmanager.ts'
import { Loki } from '../backends/loki.ts'
import { readMetric } from '../backends/metrics-page.ts'
import { Prometheus } from '../backends/prometheus.ts'
import { Tempo } from '../backends/tempo.ts'
import type { SignalproofConfig, WatchedApp } from '../config/config-schema.ts'
import type { StackDocuments } from '../config/stack-documents.ts'
import { epochMs } from '../core/clock.ts'
import { eventually, found, notYet } from '../core/eventually.ts'
import { ask } from '../core/http.ts'
import { redact } from '../core/redaction.ts'
import { SignalproofError } from '../core/signalproof-error.ts'
import type { AppAddress, Capability, RunningEnvironment } from '../environments/contract.ts'
import { FaultSwitch } from '../faults/fault-switch.ts'
import type { LoadSeed } from '../load/load-report.ts'
import { allowanceBesideKubernetesMs, allowanceMs } from '../timeline/allowances.ts'
import type { FollowedAlert } from '../timeline/followed-alert.ts'
import type { PipelineTimings } from '../timeline/pipeline-timings.ts'
import type { SpanCounts } from '../traces/span-accounts.ts'
import { GoodTraffic } from '../traffic/good-traffic.ts'
import { type CountKey, countKey } from '../traffic/request-ledger.ts'
import { AlertWatch } from './alert-watch.ts'
import type { TimelineRecord } from './claim-record.ts'
import { readLiveTimings } from './live-timings.ts'
import { podCountersOf } from './pod-counters-of-run.ts'
import { RunRecord } from './run-record.ts'
import { SkippedClaim } from './skipped-claim.ts'
import { restingSpanCounts } from './span-counts.ts'

export type BreakableApp = WatchedApp & { readonly faultRoute: string }

/** How long one wait may take: the computed worst case, and an allowance for the work itself. */
export interface LookOptions {
  readonly worstCaseMs: number
  readonly allowanceMs: number
  readonly everyMs?: number
  /** For one more look where the last one got no answer in time: a slow answer says nothing of what it is about. */
  readonly lastLookMs?: number
}

/** What a run is started with; plain data, since it crosses into the test worker. */
export interface RunSeed {
  readonly runId: string
  readonly folder: string
  readonly environment: RunningEnvironment
  readonly config: SignalproofConfig
  /** The documents as git holds them, with the same `--set`: what production promises is judged on them. */
  readonly productionDocuments: StackDocuments
  /** The alerts that git has rules for, whatever --set made of the rules. */
  readonly alertsInGit: Readonly<Record<'logs' | 'metrics', readonly string[]>>
  /** Which panels may be empty: the table beside the dashboards. */
  readonly emptinessTable?: { readonly text: string; readonly where: string }
  /** There in a run that a load was asked for. */
  readonly load?: LoadSeed
}

/** What was there when the run began: a kept environment has a history. */
export interface RunStart {
  /** Epoch ms. */
  readonly readyAt: number
  /** The newest notification before the run. */
  readonly firstSequence: number
  /** What each app had counted before this run's first request. */
  readonly counted: ReadonlyMap<string, ReadonlyMap<CountKey, number>>
  /** The spans that each place had counted before; null where no claim of this run is about traces, or they cannot be read. */
  readonly spans: SpanCounts | null
}

const supervisorStatus = z.object({ components: z.array(z.object({ name: z.string(), state: z.string() })) })

/** Everything the claims of one run share: clients, traffic, faults, the record, and steps that are done once. */
export class Run {
  readonly seed: RunSeed
  readonly environment: RunningEnvironment
  readonly config: SignalproofConfig
  readonly prometheus: Prometheus
  readonly loki: Loki
  readonly tempo: Tempo
  readonly alertmanager: Alertmanager
  readonly alertReceiver: AlertReceiver
  readonly traffic: GoodTraffic
  readonly alertWatch: AlertWatch
  readonly record: RunRecord
  /** Every fault that is followed hop by hop, in the order in which they were made. */
  readonly followedAlerts: FollowedAlert[] = []
  /** Everything of the stack that is broken for a while, in that order. */
  readonly outages: { timeline(): Promise<TimelineRecord> }[] = []
  /** What the claims of this run require of the environment: whatever takes its time can be made ready before it is asked for. */
  readonly uses: ReadonlySet<Capability>
  private readonly stopping = new AbortController()
  private readonly shared = new Map<string, Promise<unknown>>()

  /** @param uses what the claims of this run require of the environment */
  constructor(seed: RunSeed, uses: ReadonlySet<Capability> = new Set()) {
    this.uses = uses
    const { environment, config } = seed
    this.seed = seed
    this.environment = environment
    this.config = config
    this.prometheus = new Prometheus(environment.addresses.prometheus)
    this.loki = new Loki(environment.addresses.loki)
    this.tempo = new Tempo(environment.addresses.tempo)
    this.alertmanager = new Alertmanager(environment.addresses.alertmanager)
    this.alertReceiver = new AlertReceiver(environment.addresses.alertReceiver)
    this.traffic = new GoodTraffic(
      { url: environment.addresses.ingress, host: config.ingress.host },
      seed.runId,
    )
    this.alertWatch = new AlertWatch(this)
    this.record = new RunRecord(seed.folder, seed.runId)
  }

  get signal(): AbortSignal {
    return this.stopping.signal
  }

  /** What this environment allows and has; a claim that cannot do without says so in its row. */
  can(capability: Capability): boolean {
    return this.environment.capabilities.includes(capability)
  }

  /** Whether claims of this run are about traces, and can be judged here. */
  judgesTraces(): boolean {
    return this.uses.has('traces') && this.can('traces') && this.can('traffic')
  }

  /** A step that several claims build on, done once however often it is asked for. */
  once<T>(name: string, step: () => Promise<T>): Promise<T> {
    const known = this.shared.get(name)
    if (known !== undefined) return known as Promise<T>
    const doing = step()
    // Every claim that asks gets the failure; a step nobody waits for any more must not end the process.
    doing.catch(() => {})
    this.shared.set(name, doing)
    return doing
  }

  /** The stack is up: from here good traffic flows and alerts are watched, to the end of the run. */
  started(): Promise<RunStart> {
    return this.once('run started', async () => {
      await this.waitForComponents()
      await this.waitForAnswers()
      const readyAt = epochMs()
      this.record.write({ kind: 'environment-ready', afterMs: readyAt - this.environment.startedAt })
      const firstSequence = this.can('notifications') ? await this.alertReceiver.newest() : 0
      // Where no request may be sent nothing is compared with what apps counted, and they are left in peace.
      const askedApps = this.can('traffic') ? this.config.apps : []
      const counted = new Map(
        await Promise.all(askedApps.map(async ({ name }) => [name, await this.countedBy(name)] as const)),
      )
      const spans = this.judgesTraces() ? await restingSpanCounts(this) : null
      if (this.can('traffic')) this.traffic.start(this.config.apps, this.config.traffic.perAppPerSecond)
      return { readyAt, firstSequence, counted, spans }
    })
  }

  /** The timings of the configuration in force, read from the components themselves. */
  timings(): Promise<PipelineTimings> {
    return this.once('live timings', async () => {
      await this.started()
      const { prometheus, loki, alertmanager, environment } = this
      return readLiveTimings({
        prometheus,
        loki,
        alertmanager,
        collectorConfiguration: environment.collectorConfiguration,
        allowanceMs: environment.kind === 'process' ? allowanceMs : allowanceBesideKubernetesMs,
      })
    })
  }

  app(name: string): AppAddress {
    const app = this.environment.apps.find((candidate) => candidate.name === name)
    if (app !== undefined) return app
    throw new SignalproofError('USAGE_UNKNOWN_NAME', {
      expected: `one of the apps ${this.environment.apps.map((known) => known.name).join(', ')}`,
      seen: name,
      remedy: 'correct the name in the scenario, or add the app to signalproof.config.ts',
    })
  }

  /**
   * What an app says it counted, by method, route and status; answers that never happened are left out. Where it runs in
   * pods it is what all of them say, those included that have ended since they were read first.
   */
  async countedBy(name: string): Promise<Map<CountKey, number>> {
    const { pods, namespace } = this.app(name)
    if (pods !== undefined) return await (await podCountersOf(this)).counts({ name, namespace, pods })
    const samples = await readMetric(name, this.app(name).url, this.config.metrics.requestsCounter)
    return new Map(
      samples.flatMap(({ labels, value }) =>
        value === 0
          ? []
          : [[countKey(labels.method ?? '', labels.route ?? '', Number(labels.status)), value] as const],
      ),
    )
  }

  /** What an app counted since this run began. */
  async countedSinceStart(name: string): Promise<Map<CountKey, number>> {
    const before = (await this.started()).counted.get(name)
    const now = await this.countedBy(name)
    return new Map(
      [...now]
        .map(([key, value]) => [key, value - (before?.get(key) ?? 0)] as const)
        .filter(([, value]) => value !== 0),
    )
  }

  /** The watched apps that faults are made in, in the order of the configuration. */
  breakableApps(): BreakableApp[] {
    return this.config.apps.flatMap((app) =>
      app.faultRoute === undefined ? [] : [{ ...app, faultRoute: app.faultRoute }],
    )
  }

  /** One app for a kind of fault, so that faults of different kinds can go on at the same time. */
  appUnderTest(fault: 'page' | 'ticket'): BreakableApp {
    const apps = this.breakableApps()
    const app = fault === 'page' ? apps[0] : apps.at(-1)
    if (app !== undefined && apps.length > 1) return app
    throw new SignalproofError('CONFIG_INVALID', {
      expected: 'two apps with a faultRoute at least: one is paged for while the other gets a ticket',
      seen: `${apps.length}`,
      where: 'signalproof.config.ts apps',
      remedy: 'give another app a faultRoute',
    })
  }

  /** An app that no traffic is held up at when it hangs. */
  appWithoutTraffic(): WatchedApp {
    const app = this.config.apps.find(({ faultRoute }) => faultRoute === undefined)
    if (app !== undefined) return app
    throw new SignalproofError('CONFIG_INVALID', {
      expected: 'one app without a faultRoute: it can hang while the others get their traffic',
      seen: `all ${this.config.apps.length} have one`,
      where: 'signalproof.config.ts apps',
      remedy: 'leave faultRoute out of one app',
    })
  }

  /** @throws SkippedClaim where faults in apps are not allowed; SignalproofError FAULT_REFUSED where there is no switch */
  faultSwitch(name: string): FaultSwitch {
    if (!this.can('app-faults')) throw new SkippedClaim(`no fault may be made in ${name} here`)
    const { faultSwitch } = this.app(name)
    if (faultSwitch === null) {
      throw new SignalproofError('FAULT_REFUSED', {
        expected: `a fault switch of ${name}`,
        seen: 'none in this environment',
        remedy: 'start the app with FAULT_SWITCH_ADDRESS and FAULT_SWITCH_TOKEN',
      })
    }
    return new FaultSwitch(name, faultSwitch, this.environment.faultToken, this.environment.faultDefaults)
  }

  /** Keeps a file below the run's evidence/ and answers with its path in the run's folder. */
  keepEvidence(claimId: string, name: string, content: string): string {
    const path = join('evidence', claimId, name)
    mkdirSync(join(this.seed.folder, 'evidence', claimId), { recursive: true })
    writeFileSync(
      join(this.seed.folder, path),
      redact(content, [this.environment.faultToken, this.environment.supervisor.token]),
    )
    return path
  }

  async stop(reason?: unknown): Promise<void> {
    this.stopping.abort(reason)
    await Promise.allSettled([this.traffic.stop(), this.alertWatch.stop()])
  }

  private async waitForComponents(): Promise<void> {
    const { supervisor, readyWithinMs } = this.environment
    await eventually(
      'every component is ready',
      async (signal) => {
        const { components } = await ask(
          {
            backend: 'the supervisor',
            url: `${supervisor.url}/status`,
            headers: { authorization: `Bearer ${supervisor.token}` },
            signal,
          },
          supervisorStatus,
        )
        const waiting = components.filter(({ state }) => state !== 'ready')
        if (components.length > 0 && waiting.length === 0) return found(components)
        return notYet(
          components.length === 0
            ? 'no component is planned yet'
            : `${waiting.map(({ name, state }) => `${name} is ${state}`).join(', ')}`,
        )
      },
      {
        withinMs: readyWithinMs,
        everyMs: 20,
        remedy: 'look at the logs of the components that are named',
        signal: this.signal,
      },
    )
  }

  /** Ready is said early: a store that answers its first query counts. */
  private async waitForAnswers(): Promise<void> {
    const now = epochMs()
    const queries = {
      prometheus: (signal: AbortSignal) => this.prometheus.query('vector(1)', { signal }),
      loki: (signal: AbortSignal) =>
        this.loki.lines(`{namespace="${this.config.logs.namespace}"}`, {
          fromMs: now - 1000,
          toMs: now,
          signal,
        }),
    }
    await Promise.all(
      Object.entries(queries).map(([name, query]) =>
        eventually(`${name} to answer a query`, async (signal) => found(await query(signal)), {
          withinMs: this.environment.readyWithinMs,
          remedy: `look at the log of ${name}`,
          signal: this.signal,
        }),
      ),
    )
  }
}
