/** `npm run complete-lock-file`: to be run after each change of package-lock.json. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { completeLockFile, missingBuilds } from './lock-file.ts'

const file = fileURLToPath(new URL('../package-lock.json', import.meta.url))
const text = readFileSync(file, 'utf8')
const missing = missingBuilds(text)
writeFileSync(file, completeLockFile(text))
process.stdout.write(`${missing.length} builds for other platforms added to package-lock.json\n`)
