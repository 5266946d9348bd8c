import { expect, test } from 'vitest'
import { SignalproofError } from '../../../core/signalproof-error.ts'
import { explainDocker, nodeFailed } from './node-ends.ts'

test('a node that failed is told with its lines, and its remedy is that of its reason', () => {
  const full = nodeFailed('its container ended with code 1', [
    '[1.00 s] failed: …',
    '  | no space left on device',
  ])
  expect(full.message).toContain('    [1.00 s] failed: …')
  expect(full.account.remedy).toContain('docker system df')
  expect(nodeFailed('it ended', ['failed: image tar /a.tar cannot be imported: …']).account.remedy).toContain(
    'archive',
  )
  expect(nodeFailed('it ended', ['etcd ended by itself']).account.remedy).toContain('read the lines above')
})

test.each([
  'driver failed programming external connectivity: Bind for 127.0.0.1:80 failed: port is already allocated',
  'listen tcp4 127.0.0.1:80: bind: address already in use',
])('a taken port is told by its number: %s', (message) => {
  const told = explainDocker(new Error(message), new Map([[30_080, 80]]))
  expect(told).toMatchObject({ code: 'ENV_PORT_TAKEN' })
  expect((told as SignalproofError).account.expected).toContain('127.0.0.1:80')
})

test('any other word of Docker is passed on; an account that is one already stays', () => {
  expect(explainDocker(new Error('unable to apply caps'), new Map())).toMatchObject({
    code: 'ENV_NODE_FAILED',
    account: { seen: 'Docker: unable to apply caps' },
  })
  const account = nodeFailed('it ended', [])
  expect(explainDocker(account, new Map())).toBe(account)
  expect(account).toBeInstanceOf(SignalproofError)
})
