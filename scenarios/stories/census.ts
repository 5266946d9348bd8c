import {
  answerMs,
  deadlineMs,
  differences,
  epochMs,
  eventually,
  expect,
  found,
  lineArrival,
  notYet,
  type Run,
  settledSpanCounts,
  story,
} from '../../harness/test.ts'

type Counts = ReadonlyMap<string, ReadonlyMap<string, number>>

/**
 * Every answer that the apps can give without a fault is asked for once. Then traffic is held for a moment, so that the
 * client, the apps, Prometheus, Loki and whoever counts spans can be asked about the same finished requests.
 */
export const census = story('census', async (run: Run) => {
  await run.started()
  for (const app of run.config.apps) {
    for (const exercise of [...app.good, ...app.otherAnswers]) await run.traffic.request(app.name, exercise)
  }
  return run.traffic.whileQuiet(async () => {
    const names = run.config.apps.map(({ name }) => name)
    const client: Counts = new Map(names.map((name) => [name, run.traffic.ledger.counts(name)]))
    const apps: Counts = new Map(
      await Promise.all(names.map(async (name) => [name, await run.countedSinceStart(name)] as const)),
    )
    const [prometheus, loki, spans] = await Promise.allSettled([
      countsInPrometheus(run),
      countsInLoki(run, client),
      run.judgesTraces() ? settledSpanCounts(run) : null,
    ])
    return { client, apps, prometheus, loki, spans }
  })
})

/** What Prometheus has of this run, after a scrape of every app that began when the last request was over. */
async function countsInPrometheus(run: Run): Promise<Counts> {
  const quietSince = epochMs()
  const { counted } = await run.started()
  const timings = await run.timings()
  // A pod that is gone still answers for minutes where Prometheus could not mark the end of its series.
  const pods = new Set(run.environment.apps.map(({ pod }) => pod))
  const isOfRun = ({ labels }: { labels: Readonly<Record<string, string>> }) => pods.has(labels.pod ?? '')
  await eventually(
    'a scrape of every app after the last request',
    async (signal) => {
      const [up, scraped] = await Promise.all([
        run.prometheus.query('up{job="apps"} == 1', { signal }),
        run.prometheus.query('timestamp(up{job="apps"})', { signal }),
      ])
      const since = scraped.filter((sample) => isOfRun(sample) && sample.value * 1000 > quietSince)
      const running = up.filter(isOfRun)
      const wanted = run.config.apps.length
      return running.length === wanted && since.length === wanted
        ? found(wanted)
        : notYet(`of ${wanted} apps ${running.length} are up and ${since.length} were scraped since`)
    },
    {
      withinMs: 2 * timings.scrapeIntervalMs + timings.scrapeTimeoutMs + answerMs,
      remedy: 'look at /targets of Prometheus',
      signal: run.signal,
    },
  )
  const samples = await run.prometheus.query(
    `${run.config.metrics.requestsCounter}{namespace="${run.config.logs.namespace}"}`,
  )
  return byApp(
    samples.filter(isOfRun).map(({ labels, value }) => {
      const key = `${labels.method} ${labels.route} ${labels.status}` as const
      return {
        app: labels.app ?? '',
        key,
        count: value - (counted.get(labels.app ?? '')?.get(key as never) ?? 0),
      }
    }),
  )
}

/** What Loki has of this run, once as many lines have arrived as requests were sent, or the time for it is over. */
async function countsInLoki(run: Run, client: Counts): Promise<Counts> {
  const { readyAt } = await run.started()
  const withinMs = deadlineMs(await lineArrival(run))
  const { namespace, fields } = run.config.logs
  const expected = [...client.values()].reduce(
    (sum, counts) => sum + [...counts.values()].reduce((all, n) => all + n, 0),
    0,
  )
  let counts: Counts = new Map()
  await eventually(
    `${expected} lines in Loki`,
    async (signal) => {
      const now = epochMs()
      const query = `sum by (app, method, route, status) (count_over_time({namespace="${namespace}", app=~"${[...client.keys()].join('|')}"} | json method="${fields.method}", route="${fields.route}", status="${fields.status}" [${Math.ceil(now - readyAt)}ms]))`
      const rows = await run.loki.query(query, { atMs: now, signal })
      counts = byApp(
        rows.map(({ labels, value }) => ({
          app: labels.app ?? '',
          key: `${labels.method} ${labels.route} ${labels.status}`,
          count: value,
        })),
      )
      const arrived = rows.reduce((sum, { value }) => sum + value, 0)
      return arrived >= expected ? found(arrived) : notYet(`${arrived} lines`)
    },
    { withinMs, remedy: 'look at the log of the collector', signal: run.signal },
    // Too few lines is the claim's to judge, with the difference by route.
  ).catch(() => {})
  return counts
}

function byApp(rows: readonly { app: string; key: string; count: number }[]): Counts {
  const apps = new Map<string, Map<string, number>>()
  for (const { app, key, count } of rows) {
    if (count === 0) continue
    const counts = apps.get(app) ?? new Map<string, number>()
    counts.set(key, (counts.get(key) ?? 0) + count)
    apps.set(app, counts)
  }
  return apps
}

/** Client, app and one store have to agree about every app, by method, route and status; answers with how many there are. */
export function expectSameCounts(
  { client, apps }: { client: Counts; apps: Counts },
  stored: Counts,
  store: string,
): number {
  for (const [app, counts] of client) {
    expect(counts.size, `kinds of answers that the client got from ${app}`).toBeGreaterThan(0)
    expect(
      differences(counts, apps.get(app) ?? new Map()),
      `what ${app} counted, against the client`,
    ).toEqual([])
    expect(
      differences(counts, stored.get(app) ?? new Map()),
      `what ${store} has of ${app}, against the client`,
    ).toEqual([])
  }
  return [...client.values()].flatMap((counts) => [...counts.values()]).reduce((sum, count) => sum + count, 0)
}
