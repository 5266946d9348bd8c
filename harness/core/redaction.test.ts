import { expect, test } from 'vitest'
import { redact } from './redaction.ts'

const secret = 'q7_Zr-11ab9x'

test.each([
  ['a JSON value', `{"token":"${secret}","status":500}`, '{"token":"‹removed›","status":500}'],
  ['a JSON value with spaces', '{"password": "correct horse, battery"}', '{"password": "‹removed›"}'],
  ['a JSON value with a quote inside', '{"password":"pa\\"ss word"}', '{"password":"‹removed›"}'],
  [
    'JSON inside of JSON',
    `{"line":"{\\"client_secret\\":\\"${secret} x\\"}"}`,
    '{"line":"{\\"client_secret\\":\\"‹removed›\\"}"}',
  ],
  ['a YAML value', `api_key: ${secret}\nport: 9090`, 'api_key: ‹removed›\nport: 9090'],
  ['a quoted YAML value', `api-key: '${secret} y'`, "api-key: '‹removed›'"],
  [
    'a bearer header',
    `Authorization: Bearer ${secret}\r\nHost: a`,
    'Authorization: Bearer ‹removed›\r\nHost: a',
  ],
  ['a basic header', `authorization: Basic ${secret}==`, 'authorization: Basic ‹removed›'],
  ['a header in JSON', `{"Authorization":"Bearer ${secret}"}`, '{"Authorization":"‹removed›"}'],
  ['a header of another name', `x-api-key: ${secret}`, 'x-api-key: ‹removed›'],
  ['a bare bearer token', `curl -H "bearer ${secret}"`, 'curl -H "bearer ‹removed›"'],
  [
    'an environment variable',
    `FAULT_SWITCH_TOKEN=${secret} node main.ts`,
    'FAULT_SWITCH_TOKEN=‹removed› node main.ts',
  ],
  ['a query parameter', `/faults?token=${secret}&route=/v1`, '/faults?token=‹removed›&route=/v1'],
  [
    "a URL's password",
    `http://admin:${secret}@127.0.0.1:9090/api`,
    'http://admin:‹removed›@127.0.0.1:9090/api',
  ],
  ['a URL of another scheme', `redis://:${secret}@db:6379`, 'redis://:‹removed›@db:6379'],
  ['an excerpt that was cut off', `{"token":"${secret}`, '{"token":"‹removed›'],
])('strikes out the secret in %s', (_, text, clean) => {
  expect(redact(text)).toBe(clean)
})

test('strikes out a known secret wherever it stands, whatever it is called', () => {
  expect(redact(`a ${secret} b${secret}c`, ['', secret])).toBe('a ‹removed› b‹removed›c')
})

test('a known secret that reads as a pattern is taken literally', () => {
  expect(redact('x a.b+c(d x aXb', ['a.b+c(d'])).toBe('x ‹removed› x aXb')
})

test.each([
  'the answer without its token is 401',
  'sum by (app) (rate(http_requests_total{namespace="apps"}[5m])) > 5',
  'http://127.0.0.1:9090/api/v1/query?query=up',
  '{"tokens":5,"level":"info","route":"/v1/secrets/of/the/house"}',
])('leaves %j as it is', (text) => {
  expect(redact(text, ['']), text).toBe(text)
})

test('says the same when it is applied twice', () => {
  const text = `{"token":"${secret}"} password=${secret} http://a:${secret}@b`
  expect(redact(redact(text))).toBe(redact(text))
})

test('gets through a long text of backslashes behind a quote that nobody closes', () => {
  const left = redact(`{"token":"${'\\a'.repeat(20_000)}`)
  expect(left.slice(0, 40)).toBe('{"token":"‹removed›')
})
