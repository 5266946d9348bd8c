import { chmod, mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { extractMembers } from './archive-extraction.ts'
import { requireChecksum } from './checksums.ts'
import type { ReleasedPin } from './component-pin.ts'
import { downloadFile } from './download.ts'
import {
  archiveShape,
  fillIn,
  type InstallJob,
  type Made,
  releaseAddress,
  releaseFile,
} from './install-job.ts'

/**
 * Fetches upstream's release archive, checks it against its pinned checksum and takes the binaries out of it.
 * @throws SignalproofError TOOL_UNPINNED, and as downloadFile and extractMembers do
 */
export async function fetchRelease(job: InstallJob, pin: ReleasedPin): Promise<Made> {
  const { settings, work, output, signal } = job
  const file = releaseFile(pin, settings.platform)
  const { sha256 } = requireChecksum(job.checksums, pin, file)
  const url = releaseAddress(pin, settings, file)
  const archive = join(work, file)
  job.activity(`downloading ${url}`)
  await downloadFile({
    url,
    sha256,
    target: archive,
    signal,
    silenceLimitMs: settings.silenceLimitMs,
    onProgress: (received, total) =>
      job.detail(`${megabytes(received)} of ${total === undefined ? 'unknown' : megabytes(total)} MB`),
  })
  const shape = archiveShape(pin.release, settings.platform)
  const members = Object.entries(shape.members).map(([name, member]) => ({
    name,
    member: fillIn(member, pin, settings.platform),
  }))
  const opened = join(work, 'opened')
  await mkdir(opened)
  await extractMembers({
    archive,
    format: shape.format,
    members: members.map(({ member }) => member),
    into: opened,
    environment: settings.environment,
    signal,
  })
  for (const { name, member } of members) {
    await rename(join(opened, member), join(output, name))
    await chmod(join(output, name), 0o755)
  }
  return { provenance: 'downloaded', source: `${url}, SHA-256 ${sha256}` }
}

const megabytes = (bytes: number) => Math.round(bytes / 1e6)
