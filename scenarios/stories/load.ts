import {
  accountSources,
  beginLoadFaults,
  explainLatency,
  generateLoad,
  loadRequestOf,
  loadRoutes,
  openAccounts,
  type Run,
  story,
  watchScaling,
} from '../../harness/test.ts'

/**
 * The load that was asked for, once: what every place had counted before and after it, the faults that were made meanwhile,
 * and what the generator saw of it all. Nobody else sends a request from its begin to its end.
 */
export const load = story('load', async (run: Run) => {
  const { faults, durationMs } = loadRequestOf(run)
  const routes = loadRoutes(run.config)
  await watchScaling(run)
  const sources = await accountSources(run)
  return run.traffic.whileQuiet(async () => {
    const accounts = await openAccounts(sources, routes)
    // They end by themselves, too: the generator starts slowly on a busy machine and waits for its last answers.
    const begun = await beginLoadFaults(run, faults, durationMs + lastAnswersMs)
    const generator = await generateLoad(run, routes).catch(async (thrown: unknown) => {
      await begun.end().catch(() => {})
      throw thrown
    })
    run.record.write({ kind: 'load', load: { generator, faults: await begun.end() } })
    // Figures that say nothing are held against nobody's.
    if (generator.invalidBecause !== null) return { generator, closed: null, latency: null }
    const closed = await accounts.close(generator.answers)
    const latency = explainLatency(closed.accounts.client, generator.latencyByRoute, closed.latency)
    run.record.write({ kind: 'load', load: { accounts: closed, latency } })
    return { generator, closed, latency }
  })
})

/** The generator gives a request up after this time at the latest. */
const lastAnswersMs = 60_000
