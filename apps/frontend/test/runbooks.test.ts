import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listening } from '../../node-service/test/listening.ts'
import { createFrontendApp } from '../src/frontend-app.ts'

async function frontendWith(files: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'runbooks-'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const lines: string[] = []
  const ingress = { url: new URL('http://127.0.0.1:9'), host: undefined }
  const page = await listening(
    createFrontendApp({ ingress, runbooks: folder, writeLine: (line) => lines.push(line) }).app,
  )
  const end = async () => {
    await page[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  }
  return { url: page.url, lines, [Symbol.asyncDispose]: end }
}

test('an alert with a runbook gets it, as one route whatever the alert', async () => {
  await using frontend = await frontendWith({ 'TargetDown.md': '# TargetDown\n' })
  const answer = await fetch(`${frontend.url}/runbooks/TargetDown`)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toContain('text/markdown')
  expect(await answer.text()).toBe('# TargetDown\n')
  expect(JSON.parse(frontend.lines[0] ?? '{}').route).toBe('/runbooks/:alert')
})

test.each(['Nothing', '..%2Fsecret', 'secret.txt', '%00'])('no other file is served: %s', async (name) => {
  await using frontend = await frontendWith({ 'secret.txt': 'secret' })
  const answer = await fetch(`${frontend.url}/runbooks/${name}`)
  expect(answer.status).toBe(404)
  expect(await answer.text()).not.toContain('secret"')
})

test('runbooks link to each other by file name: that name is served, too', async () => {
  await using frontend = await frontendWith({ 'TargetDown.md': '# TargetDown\n' })
  const answer = await fetch(`${frontend.url}/runbooks/TargetDown.md`)
  expect(answer.status).toBe(200)
})
