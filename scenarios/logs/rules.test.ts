import {
  answerMs,
  claim,
  epochMs,
  expect,
  found,
  notYet,
  rulesOnTime,
  selectorsOf,
} from '../../harness/test.ts'

claim('logs.ruler-on-time', async ({ run, within }) => {
  const wanted = run.seed.alertsInGit.logs
  const { rulerIntervalMs, rulerPollMs, allowanceMs } = await run.timings()
  await within(
    "every log rule loaded by Loki's ruler, healthy and evaluated on time",
    async (signal) => {
      // An answer that takes its time is no evaluation that came late.
      const askedAt = epochMs()
      return rulesOnTime(await run.loki.ruleGroups(signal), wanted, { askedAt, allowanceMs })
    },
    {
      // The ruler reads its rules once a poll, and evaluates a new group within one interval.
      worstCaseMs: rulerPollMs + rulerIntervalMs,
      allowanceMs: answerMs,
    },
  )
})

claim('logs.rule-selects-live-streams', async ({ run, within }) => {
  const { readyAt } = await run.started()
  const selectors = await selectorsOf(run, 'logql', run.config.alerts.logBurst)
  expect(selectors.length, 'stream selectors in the log rule').toBeGreaterThan(0)
  for (const selector of selectors) {
    await within(
      `a live stream for ${selector}`,
      async (signal) => {
        const range = { fromMs: readyAt - 60_000, toMs: readyAt + 600_000, signal }
        const streams = await run.loki.series(selector, range)
        if (streams.length > 0) return found(streams)
        return notYet(
          `no stream matches ${selector}; Loki has ${JSON.stringify(await run.loki.series('{namespace=~".+"}', range))}`,
        )
      },
      // What is stored stays so: an answer that takes its time is no stream that is missing.
      { worstCaseMs: 0, allowanceMs: answerMs, lastLookMs: answerMs },
    )
  }
})
