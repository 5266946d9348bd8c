import {
  answerMs,
  answersFor,
  type BreakableApp,
  beginStackFaultIn,
  type Cluster,
  type CountKey,
  clusterOf,
  containerStatusesOf,
  countedSince,
  countKey,
  deadlineMs,
  type EndedPod,
  endMs,
  epochMs,
  eventually,
  found,
  hasLabels,
  isReadyPod,
  lineArrival,
  notYet,
  type Pod,
  type Run,
  refOf,
  restartKey,
  type StoredSeries,
  startMs,
  storedRequestIds,
  story,
} from '../../harness/test.ts'
import { containersEndedOnPurpose } from './restarts.ts'

/** A pod of an app ends under traffic. What is left of its telemetry is compared with what clients got answers to. */

export interface SeenEnd extends EndedPod {
  readonly app: BreakableApp
  readonly series: readonly StoredSeries[]
  /** Epoch ms, just before the end was asked for and when another pod or process answered. */
  readonly beganAt: number
  readonly backAt: number
}

/**
 * Which app is ended how, both at the same time. A pod that stays would be started again later each time (CrashLoopBackOff):
 * the one whose container was killed before is the one that is deleted now.
 */
const endsOfApps = story('ends of apps', async (run: Run) => {
  const cluster = await clusterOf(run)
  const apps = [run.appUnderTest('ticket'), run.appUnderTest('page')] as const
  const pods = await Promise.all(apps.map((app) => podsOf(cluster, app)))
  const [first = 0, second = 0] = pods.map((ofApp) => ofApp.reduce((sum, pod) => sum + restartsIn(pod), 0))
  const [killed, deleted] = first <= second ? apps : ([apps[1], apps[0]] as const)
  return { killed, deleted, quietAt: await quietScrape(run, pods.flat()) }
})

/** The container is killed at once: nothing of the process is asked. Its pod stays and starts it again. */
export const killedContainer = story('a killed container', async (run: Run): Promise<SeenEnd> => {
  const { killed: app, quietAt } = await endsOfApps(run)
  const cluster = await clusterOf(run)
  const workload = await cluster.workloadOf(app.name)
  const [pod] = await podsOf(cluster, app)
  if (pod === undefined) throw new Error(`expected a ready pod of ${app.name}, seen: none`)
  const restarts = restartsIn(pod)
  const limitMs = startMs(workload.spec.template)
  return lookAround(
    run,
    app,
    async () => {
      const fault = await beginStackFaultIn(run, { kind: 'kill-container', app: app.name }, limitMs)
      await eventually(
        `the killed container of ${app.name} started again`,
        async () => {
          const now = (await podsOf(cluster, app)).find(({ metadata }) => metadata.uid === pod.metadata.uid)
          return now !== undefined && restartsIn(now) > restarts
            ? found(now)
            : notYet('it is not ready again')
        },
        { withinMs: limitMs, remedy: `kubectl -n ${app.namespace} describe pod`, signal: run.signal },
      )
      await fault.end()
      for (const { name } of containerStatusesOf(pod))
        containersEndedOnPurpose(run).set(restartKey(pod, name), 1)
    },
    quietAt,
  )
})

/** The pod is deleted as an operator, a rollout or a drain does it: it is told, and has its grace period. */
export const deletedPod = story('a deleted pod', async (run: Run): Promise<SeenEnd> => {
  const { deleted: app, quietAt } = await endsOfApps(run)
  const cluster = await clusterOf(run)
  const { template } = (await cluster.workloadOf(app.name)).spec
  const before = await podsOf(cluster, app)
  const [pod] = before
  if (pod === undefined) throw new Error(`expected a ready pod of ${app.name}, seen: none`)
  return lookAround(
    run,
    app,
    async () => {
      await cluster.api.remove(refOf(pod))
      await eventually(
        `another pod of ${app.name} in its place, and the deleted one gone`,
        async () => {
          const gone = (await cluster.api.find(refOf(pod)))?.metadata.uid !== pod.metadata.uid
          const now = await podsOf(cluster, app)
          return gone && now.length >= before.length
            ? found(now)
            : notYet(`${now.length} ready, the deleted one is ${gone ? 'gone' : 'there'}`)
        },
        {
          withinMs: endMs(template) + startMs(template),
          remedy: `kubectl -n ${app.namespace} describe pod`,
          signal: run.signal,
          everyMs: 100,
        },
      )
    },
    quietAt,
  )
})

const podsOf = async (cluster: Cluster, { name, namespace }: BreakableApp): Promise<Pod[]> => {
  const { selector } = (await cluster.workloadOf(name)).spec
  const pods = await cluster.all<Pod>('Pod', [namespace])
  return pods.filter((pod) => isReadyPod(pod) && hasLabels(pod.metadata.labels, selector.matchLabels ?? {}))
}

const restartsIn = (pod: Pod): number =>
  containerStatusesOf(pod).reduce((sum, { restartCount }) => sum + restartCount, 0)

/**
 * Counts from a quiet moment before to a quiet moment after, so that both ends are exact.
 * @param quietAt epoch ms of the moment before, where it is known already
 */
export async function lookAround(
  run: Run,
  app: BreakableApp,
  end: () => Promise<void>,
  quietAt?: number,
): Promise<SeenEnd> {
  const cluster = await clusterOf(run)
  const fromMs = quietAt ?? (await quietScrape(run, await podsOf(cluster, app)))
  await underTraffic(run, app, fromMs)
  const beganAt = epochMs()
  await end()
  const startWithinMs = startMs((await cluster.workloadOf(app.name)).spec.template)
  const backAt = await answeredAgain(run, app, startWithinMs)
  const toMs = await quietScrape(run, await podsAgain(run, cluster, app, startWithinMs))
  // A sample of every series from before the beginning, also where the answer takes its time.
  const { scrapeIntervalMs, scrapeTimeoutMs } = await run.timings()
  const reachBackMs = 2 * scrapeIntervalMs + scrapeTimeoutMs + answerMs
  const series = await run.prometheus.samples(
    `${run.config.metrics.requestsCounter}{namespace="${app.namespace}", app="${app.name}"}`,
    epochMs() - fromMs + reachBackMs,
    { signal: run.signal },
  )
  const sent = run.traffic.ledger.of(app.name, fromMs).filter(({ doneAt }) => doneAt <= toMs)
  const answers = new Set<CountKey>(
    app.good.map(({ method, route, status }) => countKey(method, route, status)),
  )
  const isAnswer = ({ method, route, status }: (typeof sent)[number]) =>
    status !== null && answers.has(countKey(method, route, status))
  const wanted = sent.filter(isAnswer).map(({ requestId }) => requestId)
  let storedIds: string[] = []
  await eventually(
    `a line of each of ${wanted.length} answered requests`,
    async (signal) => {
      storedIds = await storedRequestIds(run, { fromMs, toMs: epochMs(), signal })
      const there = new Set(storedIds)
      const missing = wanted.filter((id) => !there.has(id)).length
      return missing === 0 ? found(storedIds) : notYet(`${missing} lines are missing`)
    },
    {
      withinMs: deadlineMs(await lineArrival(run)),
      // The lines are there by then, and Loki has the time that so many answers may take.
      lastLookMs: answersFor(fromMs, epochMs()) * answerMs,
      remedy: 'look at the log of the collector',
      signal: run.signal,
    },
    // Which lines are missing is the claim's to say.
  ).catch(() => {})
  return { app, series, sent, answers, storedIds, beganAt, backAt, counted: countedSince(series, fromMs) }
}

/** Discovery sends its news once in this time; no setting changes it (Prometheus discovery/manager.go). */
const discoveryPauseMs = 5_000

/** A moment at which every finished request has been scraped from these pods; no request is under way then. */
async function quietScrape(run: Run, pods: readonly Pod[]): Promise<number> {
  const { scrapeIntervalMs, scrapeTimeoutMs } = await run.timings()
  const names = pods.map(({ metadata }) => metadata.name)
  const scrapedAfter = (moment: number) => async (signal: AbortSignal) => {
    const selector = `up{job="apps", pod=~"${names.join('|')}"}`
    // Only of a plain selector does timestamp() say when it was scraped.
    const [up, scraped] = await Promise.all([
      run.prometheus.query(`${selector} == 1`, { signal }),
      run.prometheus.query(`timestamp(${selector})`, { signal }),
    ])
    const isUp = new Set(up.map(({ labels }) => labels.pod))
    const since = scraped.filter(({ labels, value }) => isUp.has(labels.pod) && value * 1000 > moment)
    return names.length > 0 && since.length === names.length
      ? found(since)
      : notYet(`${since.length} of ${names.length} pods scraped since`)
  }
  const remedy = 'look at /targets of Prometheus'
  // Traffic goes on while a new pod is discovered.
  await eventually(`${names.join(', ')} scraped`, scrapedAfter(epochMs() - scrapeIntervalMs), {
    withinMs: discoveryPauseMs + 2 * scrapeIntervalMs + scrapeTimeoutMs + answerMs,
    remedy,
    signal: run.signal,
  })
  return run.traffic.whileQuiet(async () => {
    const quietSince = epochMs()
    await eventually(`a scrape of ${names.join(', ')} after the last request`, scrapedAfter(quietSince), {
      // One that was under way, and one that runs into its timeout beside a pod that starts.
      withinMs: 2 * scrapeIntervalMs + scrapeTimeoutMs + answerMs,
      remedy,
      signal: run.signal,
    })
    return epochMs()
  })
}

/** Answers for two scrapes: what ends has been counted and logged before, and is in the middle of its work. */
async function underTraffic(run: Run, app: BreakableApp, fromMs: number): Promise<void> {
  const { scrapeIntervalMs } = await run.timings()
  const wanted = Math.ceil((2 * scrapeIntervalMs * run.config.traffic.perAppPerSecond) / 1000)
  await eventually(
    `${wanted} answers of ${app.name}`,
    () => {
      const answered = run.traffic.ledger.of(app.name, fromMs).filter(({ status }) => status === 200)
      return answered.length >= wanted ? found(answered) : notYet(`${answered.length} answers`)
    },
    { withinMs: 2 * scrapeIntervalMs + answerMs, remedy: 'look at the log of traefik', signal: run.signal },
  )
}

/** Its pods once there is a ready one again: a client may be answered before the kubelet has said so. */
async function podsAgain(
  run: Run,
  cluster: Cluster,
  app: BreakableApp,
  startWithinMs: number,
): Promise<Pod[]> {
  const { value } = await eventually(
    `a ready pod of ${app.name}`,
    async () => {
      const pods = await podsOf(cluster, app)
      return pods.length > 0 ? found(pods) : notYet('none is ready')
    },
    {
      withinMs: startWithinMs + answerMs,
      remedy: `kubectl describe the pods of ${app.name}`,
      signal: run.signal,
    },
  )
  return value
}

/** Traefik takes changes in once in this time: the default of its providersThrottleDuration. */
const ingressPauseMs = 2_000

/** When a client got an answer of the app again to a request that it sent from now on. */
async function answeredAgain(run: Run, app: BreakableApp, startWithinMs: number): Promise<number> {
  const from = epochMs()
  const { value } = await eventually(
    `${app.name} answering again`,
    () => {
      const answer = run.traffic.ledger.of(app.name, from).find(({ status }) => status === 200)
      return answer === undefined
        ? notYet(`no answer to ${run.traffic.ledger.of(app.name, from).length} requests`)
        : found(answer.doneAt)
    },
    {
      withinMs: startWithinMs + ingressPauseMs + answerMs,
      remedy: 'look at the log of traefik',
      signal: run.signal,
    },
  )
  return value
}
