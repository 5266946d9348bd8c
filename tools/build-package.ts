/**
 * What `npm pack` runs first: makes dist/ a mirror of what the package needs of the repository, with .js and .d.ts in
 * the place of .ts, so that every file finds the others where it finds them here.
 */
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { gitFiles } from './git-files.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')

/** Data that is read at run time; what only tests read stays out. k6 runs the workloads in load/ as they are written. */
const dataFolders = ['harness', 'apps', 'alerts', 'dashboards', 'manifests', 'load']
const onlyForTests =
  /^load\/bench\/|(^|\/)(tests?|testdata)\/|(^|\/)test_|_test\.go$|requirements-test\.lock$/

rmSync(dist, { recursive: true, force: true })
await execa('tsc', ['-p', 'tsconfig.build.json'], { cwd: root, preferLocal: true, stdio: 'inherit' })

const data = (await gitFiles(root, dataFolders)).filter(
  (path) => (!path.endsWith('.ts') || path.startsWith('load/')) && !onlyForTests.test(path),
)
for (const path of data) cpSync(join(root, path), join(dist, path))
