/** Stands for one run of `signalproof load`: writes what a test says to the run's folder, or waits for its end. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const out = process.argv[process.argv.indexOf('--out') + 1] ?? '.'
const [, , status = '0', result = ''] = process.argv
if (status === 'waits') {
  process.on('SIGTERM', () => {
    writeFileSync(`${out}.ended`, 'in order')
    process.exit(130)
  })
  writeFileSync(`${out}.pid`, String(process.pid))
  setInterval(() => {}, 1000)
} else {
  process.stderr.write('what the run said\n')
  if (result.startsWith('{')) {
    mkdirSync(out, { recursive: true })
    writeFileSync(join(out, 'result.json'), result)
  }
  process.exitCode = Number(status)
}
