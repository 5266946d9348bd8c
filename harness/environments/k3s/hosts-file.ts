import { appendFileSync, readFileSync } from 'node:fs'
import { describeThrown, SignalproofError } from '../../core/signalproof-error.ts'

/** What makes a browser find the ingress by its host's name. */
export const hostsLine = (host: string): string => `127.0.0.1 ${host}`

export const hostsFile = '/etc/hosts'

/** Whether this machine finds the name already, by any line of the file. */
export function hasHost(host: string, file = hostsFile): boolean {
  return readFileSync(file, 'utf8')
    .split('\n')
    .some((line) => /^127\.0\.0\.1\s/.test(line) && withoutComment(line).split(/\s+/).includes(host))
}

const withoutComment = (line: string): string => line.replace(/#.*/, '').trim()

/** Adds the line unless it is there. @returns whether it was added @throws SignalproofError ENV_HOSTS_FILE */
export function addHost(host: string, file = hostsFile): boolean {
  if (hasHost(host, file)) return false
  const text = readFileSync(file, 'utf8')
  try {
    appendFileSync(file, `${text === '' || text.endsWith('\n') ? '' : '\n'}${hostsLine(host)}\n`)
  } catch (cause) {
    throw new SignalproofError('ENV_HOSTS_FILE', {
      expected: `${file} to take the line ${hostsLine(host)}`,
      seen: describeThrown(cause),
      remedy: `echo '${hostsLine(host)}' | sudo tee -a ${file}`,
      cause,
    })
  }
  return true
}
