import {
  answerMs,
  claim,
  epochMs,
  expect,
  found,
  notYet,
  parseDurationMs,
  parseRfc3339Ms,
  rulesOnTime,
  selectorsOf,
} from '../../harness/test.ts'

claim('metrics.targets-up', async ({ run, within }) => {
  const { longestScrapeIntervalMs, scrapeIntervalMs, scrapeTimeoutMs, allowanceMs } = await run.timings()
  // Prometheus starts to scrape what it discovered once in this interval.
  const reloadMs =
    parseDurationMs((await run.prometheus.flags())['scrape.discovery-reload-interval'] ?? '') ?? Number.NaN
  const expected = [...run.config.apps.map(({ name }) => `apps/${name}`), ...run.config.scrapedJobs].sort()
  let askedAt = 0
  const targets = await within(
    `exactly the targets ${expected.join(', ')}, all up`,
    async (signal) => {
      askedAt = epochMs()
      const active = await run.prometheus.targets(signal)
      const names = active
        .map(({ labels }) => (labels.app === undefined ? (labels.job ?? '') : `${labels.job}/${labels.app}`))
        .sort()
      const down = active.filter(({ health }) => health !== 'up')
      if (names.join() !== expected.join()) return notYet(`the targets ${names.join(', ')}`)
      return down.length === 0
        ? found(active)
        : notYet(
            down
              .map(
                ({ labels, health, lastError }) =>
                  `${labels.job} ${labels.app ?? ''} is ${health}: ${lastError || 'not scraped yet'}`,
              )
              .join('; '),
          )
    },
    { worstCaseMs: reloadMs + longestScrapeIntervalMs, allowanceMs: answerMs },
  )
  for (const { labels, lastScrape, scrapeInterval } of targets) {
    const ageMs = askedAt - parseRfc3339Ms(lastScrape)
    const intervalMs = parseDurationMs(scrapeInterval) ?? 0
    expect(ageMs, `ms since the last scrape of ${labels.job} ${labels.app ?? ''}`).toBeLessThanOrEqual(
      intervalMs + scrapeTimeoutMs + allowanceMs,
    )
  }
  expect(
    targets
      .filter(({ labels }) => labels.job === 'apps')
      .map(({ scrapeInterval }) => parseDurationMs(scrapeInterval) ?? 0),
  ).toContain(scrapeIntervalMs)
})

claim('metrics.series-start-at-zero', async ({ run, looked }) => {
  for (const app of run.config.apps) {
    const answers = [...app.good, ...app.otherAnswers]
      .filter(({ method }) => method === 'GET')
      .map(({ route, status }) => ({ route, status }))
    const faults = app.faultStatuses.map((status) => ({ route: app.faultRoute ?? '/', status }))
    const series = await run.prometheus.query(
      `${run.config.metrics.requestsCounter}{app="${app.name}", method="GET"}`,
    )
    looked()
    const there = new Set(series.map(({ labels }) => `${labels.route} ${labels.status}`))
    const missing = [...answers, ...faults]
      .map(({ route, status }) => `${route} ${status}`)
      .filter((key) => !there.has(key))
    expect(series.length, `series of ${app.name}`).toBeGreaterThan(0)
    expect(missing, `answers of ${app.name} without a series`).toEqual([])
  }
})

claim('metrics.rules-on-time', async ({ run, within }) => {
  const wanted = run.seed.alertsInGit.metrics
  const timings = await run.timings()
  const intervalMs = Math.max(
    ...timings.rules.filter(({ signal }) => signal === 'metrics').map((rule) => rule.evaluationIntervalMs),
    0,
  )
  await within(
    'every metric rule loaded, healthy and evaluated on time',
    async (signal) => {
      // An answer that takes its time is no evaluation that came late.
      const askedAt = epochMs()
      return rulesOnTime(await run.prometheus.ruleGroups(signal), wanted, {
        askedAt,
        allowanceMs: timings.allowanceMs,
      })
    },
    {
      worstCaseMs: intervalMs,
      allowanceMs: answerMs,
    },
  )
})

claim('metrics.rule-selects-live-series', async ({ run, looked }) => {
  const selectors = await selectorsOf(run, 'promql', run.config.alerts.page)
  expect(selectors.length, 'selectors in the page rule').toBeGreaterThan(0)
  for (const selector of selectors) {
    looked()
    const series = await run.prometheus.query(selector)
    expect(series.length, `series of ${selector}`).toBeGreaterThan(0)
  }
})
