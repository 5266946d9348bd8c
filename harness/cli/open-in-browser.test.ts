import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import { openInBrowser, requireOpener } from './open-in-browser.ts'

/** A folder with programs that write down what they are asked to open. */
function programs(exitCode = 0) {
  const folder = temporaryFolder()
  onTestFinished(() => folder[Symbol.dispose]())
  const named = temporaryFolder(
    Object.fromEntries(
      ['xdg-open', 'open'].map((name) => [
        name,
        `#!/bin/sh\nprintf '%s' "$1" > ${folder.path}/opened\nexit ${exitCode}\n`,
      ]),
    ),
  )
  onTestFinished(() => named[Symbol.dispose]())
  for (const name of ['xdg-open', 'open']) chmodSync(join(named.path, name), 0o755)
  return { path: named.path, opened: () => readFileSync(join(folder.path, 'opened'), 'utf8') }
}

test.each([
  ['linux', { DISPLAY: ':0' }, 'xdg-open'],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 'xdg-open'],
  ['darwin', {}, 'open'],
] as const)('on %s with %j it is opened by %s', async (platform, env, name) => {
  const { path, opened } = programs()
  const opener = requireOpener(platform, { PATH: `/nowhere:${path}`, ...env })
  expect(opener).toBe(join(path, name))
  await openInBrowser(opener, '/runs/r 1/report.html')
  expect(opened()).toBe('/runs/r 1/report.html')
})

test('without a program or without a screen nothing can be opened, and that is said', () => {
  expect(() => requireOpener('linux', { PATH: '/nowhere', DISPLAY: ':0' })).toThrow('no xdg-open on PATH')
  expect(() => requireOpener('linux', { PATH: programs().path })).toThrow('neither DISPLAY')
})

test('a program that fails is told of', async () => {
  const opener = join(programs(4).path, 'xdg-open')
  await expect(openInBrowser(opener, '/x')).rejects.toThrow(`${opener} ended with 4`)
})
