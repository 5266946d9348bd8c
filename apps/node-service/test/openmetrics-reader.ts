/** One sample line of an exposition in OpenMetrics. */
export interface OpenSample {
  readonly family: string
  readonly name: string
  readonly labels: string
  readonly value: number
  readonly exemplar:
    | { readonly labels: string; readonly value: number; readonly atSeconds: number }
    | undefined
}

const suffixes: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total'],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
}

const labels = /(?:\{(?<labels>(?:[a-z_][a-z0-9_]*="(?:[^"\\\n]|\\[\\n"])*",?)*)\})?/i.source
const number = '(?:[-+]?(?:\\d+\\.?\\d*(?:e[-+]?\\d+)?|Inf)|NaN)'
const sampleForm = new RegExp(
  `^(?<name>[a-z_:][a-z0-9_:]*)${labels} (?<value>${number})(?: # (?<exemplar>.*))?$`,
  'i',
)
const exemplarForm = new RegExp(`^${labels} (?<value>${number}) (?<at>\\d+(?:\\.\\d+)?)$`, 'i')

/**
 * Reads OpenMetrics 1.0 as strictly as a scraper may: no empty line, each family once and in one piece, samples named as
 * their family's type wants, exemplars on buckets only, `# EOF` at the end.
 * @throws Error that says which line is wrong
 */
export function readOpenMetrics(text: string): OpenSample[] {
  if (!text.endsWith('\n# EOF\n')) throw new Error('the end is not # EOF')
  const families = new Map<string, string>()
  const samples: OpenSample[] = []
  let family = ''
  for (const line of text.slice(0, -'# EOF\n'.length - 1).split('\n')) {
    const [, kind, name = '', what = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? []
    if (kind === 'HELP') {
      if (families.has(name)) throw new Error(`a second family: ${line}`)
      family = name
      families.set(name, 'unknown')
    } else if (kind === 'TYPE') {
      if (name !== family || suffixes[what] === undefined) throw new Error(`not a type of ${family}: ${line}`)
      families.set(name, what)
    } else samples.push(readSample(line, family, families.get(family) ?? 'unknown'))
  }
  return samples
}

function readSample(line: string, family: string, type: string): OpenSample {
  const { name = '', labels = '', value, exemplar } = sampleForm.exec(line)?.groups ?? {}
  if (!suffixes[type]?.some((suffix) => name === family + suffix)) {
    throw new Error(`not a sample of the ${type} ${family}: ${line}`)
  }
  if (type === 'counter' && family.endsWith('_total'))
    throw new Error(`a counter's family has no _total: ${line}`)
  const read = exemplar === undefined ? undefined : exemplarForm.exec(exemplar)?.groups
  if (exemplar !== undefined && (read === undefined || !/_bucket$|_total$/.test(name))) {
    throw new Error(`not an exemplar: ${line}`)
  }
  return {
    family,
    name,
    labels,
    value: Number(value),
    exemplar: read && { labels: read.labels ?? '', value: Number(read.value), atSeconds: Number(read.at) },
  }
}
