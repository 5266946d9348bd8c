import { join } from 'node:path'
import { z } from 'zod'
import type { LoadedConfig } from '../../config/load-config.ts'
import { checkPlacedYaml, readPlacedYaml } from '../../config/placed-yaml.ts'
import { parseDurationMs } from '../../core/prometheus-duration.ts'
import type { Surroundings } from './lint-objectives.ts'

/** What the project in git says of its histograms, of Prometheus and of who asks whom. */

const duration = z
  .string()
  .transform(parseDurationMs)
  .pipe(z.number({ error: 'expected a duration such as 10s' }))

const prometheusFile = z.looseObject({
  // Prometheus' own defaults, where a file is silent.
  global: z.looseObject({ scrape_interval: duration.default(60_000) }).default({ scrape_interval: 60_000 }),
  scrape_configs: z
    .array(z.looseObject({ job_name: z.string(), scrape_interval: duration.optional() }))
    .min(1, 'expected at least one scrape job'),
})

const flagsFile = z.looseObject({ 'storage.tsdb.retention.time': duration.default(15 * 86_400_000) })

/** @throws SignalproofError CONFIG_UNREADABLE, CONFIG_INVALID with file, line and path */
export function projectSurroundings({ root, config }: Pick<LoadedConfig, 'root' | 'config'>): Surroundings {
  const folder = join(root, config.sources.manifests, 'prometheus')
  const { global, scrape_configs } = checkPlacedYaml(
    readPlacedYaml(join(folder, 'prometheus.yaml')),
    prometheusFile,
    "Prometheus' configuration",
  )
  const flags = checkPlacedYaml(
    readPlacedYaml(join(folder, 'flags.yaml')),
    flagsFile,
    "the flags of Prometheus' command line",
  )
  const { durationHistogram, durationEdgesSeconds = [] } = config.metrics
  return {
    edges: { [durationHistogram]: durationEdgesSeconds },
    timings: {
      retentionMs: flags['storage.tsdb.retention.time'],
      scrapeIntervalsMs: Object.fromEntries(
        scrape_configs.map(({ job_name, scrape_interval }) => [
          job_name,
          scrape_interval ?? global.scrape_interval,
        ]),
      ),
    },
    asks: Object.fromEntries(
      config.apps.map(({ name, good }) => [
        name,
        [...new Set(good.flatMap(({ causes }) => causes.map(({ app }) => app)))],
      ]),
    ),
  }
}
