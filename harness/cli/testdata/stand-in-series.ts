/** A series of one run that waits, for tests that end the series. */
import { makeSeriesRun } from '../series-run.ts'

const [, , folder = '', program = ''] = process.argv
const interruption = new AbortController()
process.once('SIGTERM', () => interruption.abort(new Error('interrupted')))
await makeSeriesRun({ args: ['waits'], folder, signal: interruption.signal, program }).catch(() => {})
