import { type Metric, type OpenMetricsContentType, Registry } from 'prom-client'

const openMetrics = 'application/openmetrics-text'
const openMetricsVersions = [undefined, '0.0.1', '1.0.0']

export interface Exposition {
  readonly contentType: string
  readonly text: string
}

/** The text of all metrics: OpenMetrics, which has exemplars, to a scraper whose `accept` prefers it; else the plain format. */
export async function writeExposition(registry: Registry, accept: string | undefined): Promise<Exposition> {
  if (!prefersOpenMetrics(accept ?? '')) {
    return { contentType: registry.contentType, text: await registry.metrics() }
  }
  const view = new Registry<OpenMetricsContentType>()
  view.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  for (const metric of registry.getMetricsAsArray()) view.registerMetric(metricView(metric))
  return { contentType: view.contentType, text: await view.metrics() }
}

/** Writing OpenMetrics takes `_total` out of a counter's name for good; on a view, it leaves the counter itself alone. */
function metricView(metric: object): Metric {
  return Object.create(metric)
}

function prefersOpenMetrics(accept: string): boolean {
  const ranges = accept.split(',').map(readRange)
  const best = (matches: (range: MediaRange) => boolean) =>
    Math.max(0, ...ranges.filter(matches).map(({ quality }) => quality))
  const wanted = best(({ type, version }) => type === openMetrics && openMetricsVersions.includes(version))
  return wanted > 0 && wanted >= best(({ type }) => type === 'text/plain')
}

interface MediaRange {
  readonly type: string
  readonly version: string | undefined
  readonly quality: number
}

function readRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const parameter = (name: string) =>
    parameters
      .find((one) => one.startsWith(`${name}=`))
      ?.slice(name.length + 1)
      .replaceAll('"', '')
  return { type, version: parameter('version'), quality: Number(parameter('q') ?? 1) || 0 }
}
