import { expect, test } from 'vitest'
import { readServiceSettings, SettingsError } from '../src/service-settings.ts'

const token = '0123456789abcdef'

test('listens on 127.0.0.1 with the fault switch off unless told otherwise', () => {
  expect(readServiceSettings({ FAULT_SWITCH_TOKEN: token })).toEqual({
    listen: { host: '127.0.0.1', port: 8080 },
    faultSwitch: undefined,
  })
})

test('reads both addresses and the token', () => {
  const env = {
    LISTEN_ADDRESS: '[::1]:80',
    FAULT_SWITCH_ADDRESS: 'localhost:9090',
    FAULT_SWITCH_TOKEN: token,
  }
  expect(readServiceSettings(env)).toEqual({
    listen: { host: '::1', port: 80 },
    faultSwitch: { listen: { host: 'localhost', port: 9090 }, token },
  })
})

test.each([undefined, '', token.slice(1)])(
  'refuses a fault switch with the token %j and does not tell it',
  (wrong) => {
    const start = () =>
      readServiceSettings({ FAULT_SWITCH_ADDRESS: '127.0.0.1:1', FAULT_SWITCH_TOKEN: wrong })
    expect(start).toThrow(SettingsError)
    expect(start).toThrow(`seen ${wrong?.length ?? 0};`)
    if (wrong) expect(start).not.toThrow(wrong)
  },
)

test.each(['8080', 'localhost', ':8080', 'localhost:x', 'localhost:65536', '::1:80', 'a b:80'])(
  'refuses the address %j with its name',
  (address) => {
    expect(() => readServiceSettings({ LISTEN_ADDRESS: address })).toThrow(
      `LISTEN_ADDRESS: expected host:port; seen "${address}"`,
    )
  },
)
