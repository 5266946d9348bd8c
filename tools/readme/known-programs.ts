import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { execa } from 'execa'
import { parse as parseYaml } from 'yaml'
import { environmentKinds } from '../../harness/environments/contract.ts'
import { stackAddresses } from '../../harness/environments/stack-addresses.ts'
import { type CommandLine, isThere, readCommandLines } from './command-lines.ts'
import { argumentsRefused } from './signalproof-arguments.ts'

const addressNames = Object.keys(stackAddresses(() => ''))

/** Why a command would not do what the page says, undefined when it would. Proven without its cost. */
type Refusal = (root: string, command: CommandLine) => Promise<string | undefined>

const programs: Record<string, Refusal> = {
  make: makeRefused,
  npm: npmRefused,
  npx: npxRefused,
  signalproof: (root, { words }) => argumentsRefused(root, words.slice(1)),
  act: actRefused,
  bash: async (root, { words, folder }) => {
    const { failed, stderr } = await execa('bash', ['-n', ...words.slice(1)], {
      cwd: join(root, folder),
      reject: false,
    })
    return failed ? stderr : undefined
  },
  // What it is asked for are addresses of a stack, by the names that `status --json` gives them.
  curl: async (_, { words }) => {
    const names = [...words.join(' ').matchAll(/\.addresses\.(\w+)/g)].map(([, name = '']) => name)
    const unknown = names.filter((name) => !addressNames.includes(name))
    if (names.length === 0) return 'curl without an address of the stack'
    return unknown.length === 0 ? undefined : `addresses.${unknown.join(', ')}, of ${addressNames.join(', ')}`
  },
  // It only picks lines of what stands before it, which is judged.
  grep: async () => undefined,
  cd: async (root, { words, folder }) => missing(root, folder, words[1]),
  go: goRefused,
  // The environment that it makes is asked for by name where it is used.
  python3: async (root, { words, folder }) =>
    words.slice(1, 3).join(' ') === '-m venv' ? missing(root, folder, '.') : `python3 ${words[1]}`,
  python: async (root, { words, folder }) =>
    words[1] === '-m' ? missing(root, folder, words[2]) : `python ${words[1]}`,
  source: async (root, { words, folder }) =>
    words[1]?.endsWith('.venv/bin/activate') === true
      ? missing(root, folder, join(words[1], '../../..', 'pyproject.toml'))
      : words[1],
  pip: async (root, { words, folder }) => missing(root, folder, words[words.indexOf('-r') + 1]),
  pytest: async (root, { folder }) =>
    readText(root, folder, 'pyproject.toml').includes('[tool.pytest')
      ? missing(root, folder, 'tests')
      : 'no settings of pytest',
}

/** Whether a piece of inline code is a command that can be judged. */
export const isKnownProgram = (name: string): boolean => Object.hasOwn(programs, name)

export async function commandRefused(root: string, command: CommandLine): Promise<string | undefined> {
  const name = command.words[0] ?? ''
  // A program of the virtual environment is the same one.
  const program = name.startsWith('.venv/bin/') ? basename(name) : name
  if (isKnownProgram(program)) return await programs[program]?.(root, command)
  return name.startsWith('./') ? undefined : `the program ${name}, for which there is no check`
}

/** make says which commands it would run; those of npm are judged in their turn. */
async function makeRefused(root: string, { words, folder, line }: CommandLine): Promise<string | undefined> {
  const asked = ['--dry-run', '--no-print-directory', ...words.slice(1)]
  const { failed, stdout, stderr } = await execa('make', asked, { cwd: join(root, folder), reject: false })
  if (failed) return stderr
  for (const printed of stdout.split('\n').filter((text) => text.startsWith('npm run '))) {
    for (const command of readCommandLines(printed, line).commands) {
      const refused = await commandRefused(root, { ...command, folder })
      if (refused !== undefined) return refused
    }
  }
  return undefined
}

async function npmRefused(root: string, { words, folder }: CommandLine): Promise<string | undefined> {
  if (words[1] === 'ci') return missing(root, folder, 'package-lock.json')
  const dashes = words.includes('--') ? words.indexOf('--') : words.length
  const named = words.slice(1, dashes).filter((word) => !word.startsWith('-'))
  const name = named[0] === 'run' ? named[1] : named[0]
  const { scripts } = JSON.parse(readText(root, '.', 'package.json')) as { scripts: Record<string, string> }
  const script = scripts[name ?? '']
  if (script === undefined) return `${name}, which is no script of package.json`
  const [program, file = '', ...rest] = script.replace(/^exec /, '').split(' ')
  if (program !== 'node') return missing(root, 'node_modules/.bin', program)
  if (file !== 'harness/cli/main.ts') return missing(root, '.', file)
  return await argumentsRefused(root, [...rest, ...words.slice(dashes + 1)])
}

async function npxRefused(root: string, { words, folder }: CommandLine): Promise<string | undefined> {
  const [program, ...args] = words.slice(1).filter((word) => word !== '--no-install')
  if (program === 'signalproof') return await argumentsRefused(root, args)
  if (program !== 'vitest' || args[0] !== 'run')
    return `npx ${program} ${args[0]}, for which there is no check`
  const project = args.indexOf('--project')
  const named = project === -1 ? 'process' : args[project + 1]
  if (!(environmentKinds as readonly (string | undefined)[]).includes(named))
    return `${named}, which is no project with claims`
  return args
    .filter((_, index) => index > 0 && (project === -1 || (index !== project && index !== project + 1)))
    .map((path) => missing(root, folder, path))
    .find((refused) => refused !== undefined)
}

async function goRefused(root: string, { words, folder, line }: CommandLine): Promise<string | undefined> {
  if (words[1] === '-C' && words[3] === 'tool') {
    const [module = '', tool = ''] = [words[2], words[4]]
    const isTool = readText(root, join(folder, module), 'go.mod').includes(`/${tool}\n`)
    if (!isTool) return `${tool}, which is no tool of ${module}/go.mod`
    return isKnownProgram(tool)
      ? await commandRefused(root, { words: words.slice(4), folder, line })
      : undefined
  }
  if (!['test', 'build'].includes(words[1] ?? '')) return `go ${words[1]}, for which there is no check`
  const packages = words.slice(2).filter((word) => !word.startsWith('-'))
  const listed = await execa('go', ['list', ...packages], { cwd: join(root, folder), reject: false })
  return listed.failed || listed.stdout === '' ? `no package: ${listed.stderr}` : undefined
}

/** act itself is somebody else's; what it is asked for is ours. */
async function actRefused(root: string, { words }: CommandLine): Promise<string | undefined> {
  const workflow = parseYaml(readText(root, '.github/workflows', 'ci.yml')) as { jobs: object }
  const job = words[words.indexOf('-j') + 1] ?? ''
  return Object.hasOwn(workflow.jobs, job) ? undefined : `${job}, which is no job of ci.yml`
}

function missing(root: string, folder: string, path: string | undefined): string | undefined {
  return path !== undefined && isThere(root, folder, path) ? undefined : `${path}, which is not there`
}

function readText(root: string, folder: string, file: string): string {
  return isThere(root, folder, file) ? readFileSync(join(root, folder, file), 'utf8') : ''
}
