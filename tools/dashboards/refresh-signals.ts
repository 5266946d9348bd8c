/**
 * `npm run refresh-signals -- JOB=PAGE ...`: takes the metrics of one or more metrics pages into
 * harness/dashboards/lint/stack-signals.txt. A page is a URL or a file; several of one job add up. Rows of other jobs
 * stay, and so do rows that say `declared`: what is on no page until it first happens.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseSignalRows } from '../../harness/dashboards/lint/signal-table.ts'
import { mergeSignals, signalsOfPage, writeSignalRows } from './signal-pages.ts'

const file = fileURLToPath(new URL('../../harness/dashboards/lint/stack-signals.txt', import.meta.url))

const pages = process.argv.slice(2).map((argument) => {
  const [, job, page] = /^([a-z-]+)=(.+)$/.exec(argument) ?? []
  if (job === undefined || page === undefined) throw new Error(`expected JOB=PAGE, seen ${argument}`)
  return { job, page }
})
if (pages.length === 0) throw new Error('expected JOB=PAGE, such as collector=http://127.0.0.1:8888/metrics')

const read = async (page: string): Promise<string> =>
  page.startsWith('http') ? await (await fetch(page)).text() : readFileSync(page, 'utf8')

const seen = await Promise.all(pages.map(async ({ job, page }) => signalsOfPage(job, await read(page))))
const known = parseSignalRows(readFileSync(file, 'utf8'))
writeFileSync(file, writeSignalRows(mergeSignals(known, seen.flat())))
