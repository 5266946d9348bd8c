import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { appConfigs } from './app-configs.ts'
import { nodeAppPackages } from './node-packages.ts'

describe.each(Object.entries(appConfigs))('the Dockerfile of %s', (app, config) => {
  const read = () => readFile(join(import.meta.dirname, '../../apps', app, 'Dockerfile'), 'utf8')

  test('sets the same variables', async () => {
    const [, block = ''] = /^ENV ((?:.*\\\n)*.*)$/m.exec(await read()) ?? []
    const variables = block.split(/[\s\\]+/).filter(Boolean)
    expect(variables).toContain('LISTEN_ADDRESS=0.0.0.0:8080')
    expect(config.Env).toEqual(expect.arrayContaining(variables))
  })

  test('starts the same program on the same port, not as root', async () => {
    const text = await read()
    const entrypoint: string[] = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(text)?.[1] ?? '[]')
    expect(entrypoint.slice(1)).toEqual(config.Entrypoint.slice(1))
    expect(text).toMatch(/^EXPOSE 8080$/m)
    expect(text).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m)
  })
})

test.each(['frontend', 'alert-receiver'])('the Dockerfile of %s installs what its image has', async (app) => {
  const text = await readFile(join(import.meta.dirname, '../../apps', app, 'Dockerfile'), 'utf8')
  expect(JSON.parse(/const wanted = (\[.*?\])/.exec(text)?.[1] ?? '')).toEqual([...nodeAppPackages])
})
