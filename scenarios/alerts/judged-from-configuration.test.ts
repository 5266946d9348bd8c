import {
  claim,
  expect,
  judgePromises,
  leakyInhibitions,
  readDocumentTimings,
  undeliverableAlerts,
} from '../../harness/test.ts'

/** What the configuration alone says, before anything is broken: nothing here waits. */

claim('alerts.deliverable', async ({ run, looked }) => {
  const timings = await run.timings()
  looked()
  expect(
    timings.rules.filter(({ windowMs }) => windowMs !== null).length,
    'alerts on a window',
  ).toBeGreaterThan(0)
  expect(undeliverableAlerts(timings), 'alerts that can never be delivered').toEqual([])
})

claim('alerts.within-promise', async ({ run, looked }) => {
  const here = judgePromises(run.config.promises, run.environment.profile, await run.timings())
  const inGit =
    run.environment.profile === 'production'
      ? []
      : judgePromises(run.config.promises, 'production', readDocumentTimings(run.seed.productionDocuments))
  const promises = [...here, ...inGit]
  looked()
  run.record.write({ kind: 'promises', promises })
  expect(promises.length, 'promises in signalproof.config.ts').toBeGreaterThan(0)
  const broken = promises
    .filter(({ kept }) => !kept)
    .map(
      ({ alert, profile, worstCaseMs, promisedMs, dominatedBy }) =>
        `${alert} in ${profile}: at worst ${worstCaseMs} ms, promised ${promisedMs} ms; most of it is ${dominatedBy}`,
    )
  expect(broken, 'promises that the configuration cannot keep').toEqual([])
})

claim('alerts.page-covers-ticket', async ({ run, looked }) => {
  const { page, logBurst } = run.config.alerts
  const here = leakyInhibitions(await run.timings(), page, logBurst)
  const inProduction = leakyInhibitions(readDocumentTimings(run.seed.productionDocuments), page, logBurst)
  looked()
  expect(here, 'moments at which a ticket gets past its page').toEqual([])
  expect(inProduction, 'moments at which a ticket gets past its page in production').toEqual([])
})
