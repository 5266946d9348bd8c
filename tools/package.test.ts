import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { gitFiles } from './git-files.ts'

/** Packs the repository and uses the package as another repository would, in an empty folder. */

const root = fileURLToPath(new URL('..', import.meta.url))
/** Packing compiles, and an installation of 170 packages is written and removed. */
const hookWithinMs = 300_000

let work: string
let project: string

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'signalproof-package-'))
  project = join(work, 'project')
  mkdirSync(project)
  await execa('npm', ['pack', '--pack-destination', work], {
    cwd: await copyRepository(join(work, 'repository')),
  })
  const [tarball, ...more] = readdirSync(work).filter((name) => name.endsWith('.tgz'))
  if (tarball === undefined || more.length > 0) throw new Error(`expected one tarball in ${work}`)

  put('package.json', JSON.stringify({ name: 'another-repository', private: true, type: 'module' }))
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', join(work, tarball)]
  await execa('npm', install, { cwd: project })
}, hookWithinMs)
afterAll(() => rmSync(work, { recursive: true, force: true }), hookWithinMs)

/** A copy to pack, so that the dist/ of two runs at once are two. */
async function copyRepository(copy: string): Promise<string> {
  for (const path of await gitFiles(root, ['.'])) cpSync(join(root, path), join(copy, path))
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  await execa('git', ['init', '--quiet'], { cwd: copy })
  return copy
}

function put(name: string, text: string): void {
  mkdirSync(dirname(join(project, name)), { recursive: true })
  writeFileSync(join(project, name), text)
}

function npx(...args: readonly string[]) {
  return execa('npx', ['--no-install', ...args], {
    cwd: project,
    reject: false,
    all: true,
    env: { FORCE_COLOR: '0' },
  })
}

test('the installed command tells the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { exitCode, stdout } = await npx('signalproof', '--version')
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: version })
})

test('the package holds no TypeScript source, no test and nothing of the repository around dist', () => {
  const installed = join(project, 'node_modules/signalproof')
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' })
  expect(files).toContain('dist/harness/test.js')
  expect(files).toContain('dist/harness/toolchain/pinned-checksums.json')
  expect(files).toContain('dist/dashboards/grafana/app-latency.json')
  expect(files).toContain('dist/load/steady.ts')
  expect(files).toContain('dist/load/lib/workload.ts')
  // k6 runs TypeScript itself; Node does not, below node_modules.
  const ours = files.filter((file) => !/^dist\/load\/([a-z]+|lib\/[a-z]+)\.ts$/.test(file))
  expect(ours.filter((file) => /(?<!\.d)\.ts$|\.test\.|-doubles?\.|testdata/.test(file))).toEqual([])
  expect(
    readdirSync(installed).filter((name) => !/^(dist|package\.json|README|LICENSE|CHANGELOG)/.test(name)),
  ).toEqual([])
})

test('a suite written against the door has its types', async () => {
  put('door.test.ts', suite('expect(readyAt).toBeGreaterThan(0)'))
  const compiler = {
    module: 'nodenext',
    target: 'es2024',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  }
  put('tsconfig.json', JSON.stringify({ compilerOptions: compiler, include: ['door.test.ts'] }))
  const { exitCode, all } = await execa(join(root, 'node_modules/.bin/tsc'), ['-p', project], {
    reject: false,
    all: true,
  })
  expect({ exitCode, said: all }).toEqual({ exitCode: 0, said: '' })
})

test('a suite written against the door is proven, and broken when its claim is false', async () => {
  for (const folder of ['apps', 'alerts', 'dashboards', 'manifests']) {
    cpSync(join(project, 'node_modules/signalproof/dist', folder), join(project, folder), { recursive: true })
  }
  const ownConfig = readFileSync(join(root, 'signalproof.config.ts'), 'utf8')
  put('signalproof.config.ts', ownConfig.replace(/from '\.\/harness\/.*'/, "from 'signalproof'"))

  put('scenarios/platform/own.test.ts', suite('expect(readyAt).toBeGreaterThan(0)'))
  expect(await verify('green')).toEqual({ exitCode: 0, verdict: 'proven', claims: ['platform.own proven'] })

  put('scenarios/platform/own.test.ts', suite('expect(readyAt).toBeLessThan(0)'))
  expect(await verify('red')).toEqual({ exitCode: 1, verdict: 'broken', claims: ['platform.own broken'] })
})

/** A scenario file with one claim of its own. */
function suite(judgement: string): string {
  return `import { claim, expect } from 'signalproof'
const row = { id: 'platform.own', layer: 'platform', title: 'the stack starts', needs: [], remedy: 'read its logs' }
claim(row, async ({ run, looked }) => {
  const { readyAt } = await run.started()
  looked()
  ${judgement}
})
`
}

async function verify(out: string) {
  const { exitCode } = await npx('signalproof', 'verify', '--out', out)
  const result = runResult.parse(JSON.parse(readFileSync(join(project, out, 'result.json'), 'utf8')))
  return {
    exitCode,
    verdict: result.verdict,
    claims: result.claims.map(({ id, verdict }) => `${id} ${verdict}`),
  }
}

const runResult = z.object({
  verdict: z.string(),
  claims: z.array(z.object({ id: z.string(), verdict: z.string() })),
})
