import { expect, test } from 'vitest'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'
import { openSession, type SessionParts } from './session.ts'

test('a session that cannot end its faults removes its pods and closes its server all the same', async () => {
  using folder = temporaryFolder()
  const removed: string[] = []
  const session = await openSession({
    api: { list: async () => [], readLog: async () => '' },
    objects: [],
    addressOf: () => 'http://127.0.0.1:9',
    config: { apps: [], ingress: { host: 'dev.local', routes: [] } },
    folder: folder.path,
    faults: { endAll: () => Promise.reject(new Error('the node does not end the fault')) },
    standIns: { removeAll: async () => void removed.push('stand-ins') },
    digest: 'of-this',
    onFailed: () => {},
  } as unknown as SessionParts)
  const { url, token } = session.supervisor
  const status = () => fetch(`${url}/status`, { headers: { authorization: `Bearer ${token}` } })
  expect((await status()).status).toBe(200)
  await expect(session.close()).rejects.toThrow('the node does not end the fault')
  expect(removed).toEqual(['stand-ins'])
  await expect(status()).rejects.toThrow('fetch failed')
})
