import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describeThrown, SignalproofError } from '../core/signalproof-error.ts'
import { configSchema, type SignalproofConfig } from './config-schema.ts'

const fileName = 'signalproof.config.ts'

export interface LoadedConfig {
  readonly config: SignalproofConfig
  /** The folder that signalproof.config.ts lies in: every relative path of it starts here. */
  readonly root: string
}

/** The nearest folder with a signalproof.config.ts, from `from` upwards. */
export function findProjectRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, fileName))) return folder
    if (dirname(folder) === folder) {
      throw new SignalproofError('CONFIG_UNREADABLE', {
        expected: `a ${fileName} in ${from} or a folder above it`,
        seen: 'none',
        remedy:
          'run the command inside the project, or write one (the one of signalproof itself is an example)',
      })
    }
  }
}

/** Loads and checks the project's signalproof.config.ts. @throws SignalproofError CONFIG_UNREADABLE, CONFIG_INVALID */
export async function loadConfig(from: string = process.cwd()): Promise<LoadedConfig> {
  const root = findProjectRoot(from)
  const file = join(root, fileName)
  const module = await importConfig(file)
  const parsed = configSchema.safeParse(module.default)
  if (parsed.success) return { config: parsed.data, root }
  const [issue] = parsed.error.issues
  throw new SignalproofError('CONFIG_INVALID', {
    expected: 'a configuration that follows the schema',
    seen: issue?.message ?? 'a value of another shape',
    where: `${relative(process.cwd(), file) || fileName} ${issue === undefined ? '' : writePath(issue.path)}`,
    remedy: 'correct the value at that path; defineConfig() lets an editor check it while you type',
  })
}

async function importConfig(file: string): Promise<{ default: unknown }> {
  try {
    return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as { default: unknown }
  } catch (cause) {
    throw new SignalproofError('CONFIG_UNREADABLE', {
      expected: 'a TypeScript module with a default export',
      seen: describeThrown(cause),
      where: file,
      remedy: 'run `node` on the file alone to see where it stops',
      cause,
    })
  }
}

/** `apps[0].good[1].path`, as one would write it in code. */
export function writePath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  )
}
