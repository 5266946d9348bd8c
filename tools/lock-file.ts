/**
 * package-lock.json has to hold an entry for every platform's build of a package, or `npm ci` refuses it everywhere.
 * npm leaves out the ones that the registry of the machine at hand does not serve.
 */
import { z } from 'zod'

const lockEntry = z.looseObject({
  dev: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
})
const lockFile = z.looseObject({ packages: z.record(z.string(), lockEntry) })

type LockFile = z.infer<typeof lockFile>

/** A build of a package for another platform that has no entry; `version` is the one its package asks for. */
export interface MissingBuild {
  readonly name: string
  readonly version: string
  readonly neededBy: string
}

const operatingSystems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]
const processors = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
]

export function missingBuilds(text: string): MissingBuild[] {
  const { packages } = readLockFile(text)
  return Object.entries(packages).flatMap(([path, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(
        ([name]) => !(`${path}/node_modules/${name}` in packages) && !(`node_modules/${name}` in packages),
      )
      .map(([name, version]) => ({
        name,
        version,
        neededBy: path.replace(/^.*node_modules\//, '') || 'package.json',
      })),
  )
}

/**
 * The same lock file with an entry for each missing build, so that it is skipped where it does not fit. An entry made
 * here has no checksum, because none was seen: npm takes the registry's word for it on that platform.
 */
export function completeLockFile(text: string): string {
  const lock = readLockFile(text)
  const { packages } = lock
  for (const { name, version, neededBy } of missingBuilds(text)) {
    const platform = platformOf(name)
    if (platform === undefined || !/^\d/.test(version)) {
      throw new Error(
        `${name}@${version} (needed by ${neededBy}): expected one version, and a platform in its name`,
      )
    }
    const dev = packages[`node_modules/${neededBy}`]?.dev === true
    packages[`node_modules/${name}`] = { version, ...platform, ...(dev && { dev }), optional: true }
  }
  const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')))
  return `${JSON.stringify({ ...lock, packages: sorted }, undefined, 2)}\n`
}

/** The parsed text itself, so that the order of its keys is kept. */
function readLockFile(text: string): LockFile {
  const lock: unknown = JSON.parse(text)
  assertLockFile(lock)
  return lock
}

function assertLockFile(value: unknown): asserts value is LockFile {
  lockFile.parse(value)
}

/** What a name like `@biomejs/cli-linux-arm64-musl` says; `-arm-gnueabihf` and the like are kinds of arm. */
function platformOf(name: string): { os: string[]; cpu: string[]; libc?: string[] } | undefined {
  const words = name.split('/').at(-1)?.split('-') ?? []
  const os = operatingSystems.find((each) => words.includes(each))
  const cpu = processors.find((each) => words.includes(each))
  if (os === undefined || cpu === undefined) return undefined
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : 'glibc'
  return { os: [os], cpu: [cpu], ...(os === 'linux' && { libc: [libc] }) }
}
