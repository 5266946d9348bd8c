import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadConfig } from '../config/load-config.ts'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { generateSloFiles, staleSloFiles, writeSloFiles } from './generated-files.ts'

const { config } = await loadConfig(fileURLToPath(new URL('../..', import.meta.url)))

function projectIn({ path: root }: { readonly path: string }): { root: string; config: typeof config } {
  cpSync(new URL('../../load/slo', import.meta.url), join(root, 'load', 'slo'), { recursive: true })
  writeSloFiles({ root, config })
  return { root, config }
}

test('what was just written is as it would be written', () => {
  using folder = temporaryFolder()
  const written = projectIn(folder)
  expect(staleSloFiles(written)).toEqual([])
  expect(generateSloFiles(written).length).toBe(2 + 2 * 4 + 1)
})

test('a rule changed by hand and a test that is gone are told with their lines', () => {
  using folder = temporaryFolder()
  const written = projectIn(folder)
  const file = join(written.root, 'alerts/slo/availability.yaml')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace('> 0.144', '> 0.2'))
  rmSync(join(written.root, 'alerts/tests/slo/latency-1h-5m.yaml'))
  const line = text.slice(0, text.indexOf('> 0.144')).split('\n').length
  expect(staleSloFiles(written)).toEqual([
    expect.stringMatching(new RegExp(`^alerts/slo/availability.yaml:${line}: .*slo generate$`)),
    expect.stringMatching(/^alerts\/tests\/slo\/latency-1h-5m.yaml:1: .*no file/),
  ])
})

test('rules and tests of an objective that is gone are told, and removed', () => {
  using folder = temporaryFolder()
  const written = projectIn(folder)
  rmSync(join(written.root, 'load/slo/latency.yaml'))
  const orphans = ['alerts/slo/latency.yaml', 'alerts/tests/slo/latency-1d-2h.yaml']
  expect(staleSloFiles(written)).toEqual(
    expect.arrayContaining(
      orphans.map((path) => expect.stringMatching(`^${path}:1: .*seen a file of which it says nothing`)),
    ),
  )
  writeSloFiles(written)
  expect(staleSloFiles(written)).toEqual([])
  for (const path of orphans) expect(existsSync(join(written.root, path))).toBe(false)
  expect(existsSync(join(written.root, 'alerts/slo/availability.yaml'))).toBe(true)
})

test('an objective that changed makes rules and tests stale', () => {
  using folder = temporaryFolder()
  const written = projectIn(folder)
  const file = join(written.root, 'load/slo/latency.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace('target: 0.99', 'target: 0.995'))
  expect(staleSloFiles(written).map((line) => line.split(':')[0])).toEqual(
    expect.arrayContaining(['alerts/slo/latency.yaml', 'alerts/tests/slo/latency-1h-5m.yaml']),
  )
})
