/** `npm run error-table`: to be run after each change of harness/core/error-codes.ts. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { withErrorTable } from './error-table.ts'

const file = fileURLToPath(new URL('../../README.md', import.meta.url))
writeFileSync(file, withErrorTable(readFileSync(file, 'utf8')))
process.stdout.write('the table of error codes is written to README.md\n')
