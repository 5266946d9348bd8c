import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setting } from './toolchain-settings.ts'

interface PackageSource {
  readonly address: string
  readonly suites: readonly string[]
}

/**
 * The mirror of Debian that this machine is set up for: SIGNALPROOF_DEBIAN_MIRROR, else the first source of apt's that has
 * the suite, else the first below a folder `debian`, which by custom is a whole mirror. Undefined where the machine names
 * none (an Ubuntu, or not Debian at all): then debootstrap takes its own.
 */
export async function findDebianMirror(
  suite: string,
  environment: NodeJS.ProcessEnv,
  aptFolder = '/etc/apt',
): Promise<string | undefined> {
  const own = setting(environment, 'SIGNALPROOF_DEBIAN_MIRROR')
  if (own !== undefined) return own
  const sources = await aptSources(aptFolder)
  const found =
    sources.find(({ suites }) => suites.includes(suite)) ??
    sources.find(({ address }) => basename(address) === 'debian')
  return found?.address
}

async function aptSources(folder: string): Promise<PackageSource[]> {
  const files = [join(folder, 'sources.list'), ...globSync(join(folder, 'sources.list.d', '*')).toSorted()]
  const sources: PackageSource[] = []
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '')
    sources.push(...(file.endsWith('.sources') ? readParagraphs(text) : readLines(text)))
  }
  return sources.filter(({ address }) => /^https?:/.test(address))
}

/** The older form: `deb [options] address suite component...`. */
const readLines = (text: string): PackageSource[] =>
  text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+\S/.exec(line)
    return match === null ? [] : [{ address: trimmed(match[1] ?? ''), suites: [match[2] ?? ''] }]
  })

/** The newer form: paragraphs of fields, of which one may be off. */
const readParagraphs = (text: string): PackageSource[] =>
  text
    .replaceAll(/^#.*\n/gm, '')
    .split(/\n\s*\n/)
    .flatMap((paragraph) => {
      const field = (name: string) =>
        new RegExp(`^${name}:\\s*(.*(?:\\n[ \\t].*)*)`, 'im').exec(paragraph)?.[1]?.split(/\s+/) ?? []
      const isOff = field('Enabled').includes('no') || !field('Types').includes('deb')
      return isOff
        ? []
        : field('URIs').map((address) => ({ address: trimmed(address), suites: field('Suites') }))
    })

const trimmed = (address: string) => address.replace(/\/+$/, '')
