/** A machine of a test's own: a PATH of links to stand-ins, an empty home, and a project to verify. */
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requiredParts } from '../toolchain/collector-manifest.ts'
import { componentPins } from '../toolchain/pins.ts'
import { writeProgram } from '../toolchain/toolchain-doubles.ts'

/** What each stand-in answers; they need no other program. */
const scripts: Readonly<Record<string, string>> = {
  npm: 'echo 11.0.0',
  go: `case "$1 $2" in
    version*) echo "go version go1.99.0 linux/amd64" ;;
    *GOPROXY) echo "$GOPROXY" ;;
    *) echo auto ;;
  esac`,
  python3: `case "$1" in
    --version) echo Python 3.12.1 ;;
    *) echo python 3.12.1 venv ensurepip pip ;;
  esac`,
  cc: 'echo cc',
  docker: 'echo "the program is not asked"; exit 1',
  kubectl: '[ "$*" = "config current-context" ] && echo kind-local',
  make: 'exit 1',
  git: 'exit 1',
  jq: 'exit 1',
  chromium: 'exit 1',
  tar: 'exit 1',
  unzip: 'exit 1',
  loki: `echo "loki, version ${componentPins.loki.version} (branch: x)"`,
  prometheus: `echo "prometheus, version ${componentPins.prometheus.version} (branch: x)"`,
  promtool: 'exit 1',
  alertmanager: `echo "alertmanager, version ${componentPins.alertmanager.version} (branch: x)"`,
  otelcol: `echo "version: ${componentPins.otelcol.version} ${requiredParts(componentPins.otelcol).join(' ')}"`,
  traefik: `echo "Version:      ${componentPins.traefik.version}"`,
  tempo: `echo "tempo, version ${componentPins.tempo.version}+0123456789ab (branch: x)"`,
}

export const componentPrograms = [
  'loki',
  'prometheus',
  'promtool',
  'alertmanager',
  'otelcol',
  'traefik',
  'tempo',
]

export interface Machine extends AsyncDisposable {
  readonly folder: string
  readonly environment: NodeJS.ProcessEnv
  /** Puts another program in the place of a stand-in. */
  replace(name: string, script: string): Promise<void>
  /** Everything that lies in its home, where the cache would be. */
  homeFiles(): Promise<string[]>
}

/** A machine on which the programs that are named are missing, or all of them. */
export async function makeMachine(without: readonly string[] | 'everything' = []): Promise<Machine> {
  const folder = await mkdtemp(join(tmpdir(), 'signalproof-doctor-'))
  const [tools, bin, home] = ['tools', 'bin', 'home'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  for (const path of [bin, home]) await mkdir(path)
  for (const [name, script] of Object.entries(scripts)) {
    if (without === 'everything' || without.includes(name)) continue
    await writeProgram(join(tools, name), script)
    await symlink(join(tools, name), join(bin, name))
  }
  const app = (name: string) => join(folder, 'project', 'apps', name)
  await mkdir(app('available-schedules-go'), { recursive: true })
  await mkdir(app('available-schedules-python'), { recursive: true })
  await writeFile(join(folder, 'project', 'signalproof.config.ts'), 'export default {}\n')
  await writeFile(join(app('available-schedules-go'), 'go.mod'), 'module x\n\ngo 1.26.0\n')
  await writeFile(join(app('available-schedules-python'), 'pyproject.toml'), 'requires-python = ">=3.11"\n')
  return {
    folder,
    environment: { PATH: bin, HOME: home, DOCKER_HOST: `unix://${join(folder, 'docker.sock')}` },
    async replace(name, script) {
      await rm(join(bin, name), { force: true })
      await writeProgram(join(bin, name), script)
    },
    homeFiles: () => readdir(home, { recursive: true }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

/** A Docker daemon that answers with its version, or takes the question and never answers. */
export async function startDaemon(machine: Machine, version?: string): Promise<AsyncDisposable> {
  const server = createServer((_request, response) => {
    if (version !== undefined) response.end(JSON.stringify({ Version: version }))
  })
  await new Promise<void>((resolve) => server.listen(join(machine.folder, 'docker.sock'), resolve))
  return {
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
