import { expect, test } from 'vitest'
import { applySetOptions, parseSetOption } from './set-option.ts'
import { documentNames, type StackDocuments } from './stack-documents.ts'

const documents = (more: Partial<StackDocuments>): StackDocuments => ({
  ...(Object.fromEntries(documentNames.map((name) => [name, {}])) as StackDocuments),
  ...more,
})

test.each([
  ['alertmanager:route.group_wait=5s', 'alertmanager', 'route.group_wait', '5s'],
  ['loki:server.http_listen_port=1', 'loki', 'server.http_listen_port', 1],
  ['log-rules:groups.0.rules=[]', 'log-rules', 'groups.0.rules', []],
  ['fault-switch:logged_status=200', 'fault-switch', 'logged_status', 200],
  ['loki:ruler.alertmanager_url=http://127.0.0.1:9', 'loki', 'ruler.alertmanager_url', 'http://127.0.0.1:9'],
  ["log-rules:groups.0.rules.0.expr='a == 1'", 'log-rules', 'groups.0.rules.0.expr', 'a == 1'],
  ['collector:receivers.file_log.include=', 'collector', 'receivers.file_log.include', null],
])('reads %s', (text, component, path, value) => {
  expect(parseSetOption(text)).toEqual({ component, path, value, text })
})

test.each(['', 'alertmanager', 'alertmanager:route', 'route.group_wait=5s', ':a=b', 'loki:=1'])(
  'refuses %j, which is not component:path=value',
  (text) => {
    expect(() => parseSetOption(text)).toThrow(
      expect.objectContaining({
        code: 'USAGE_BAD_VALUE',
        account: {
          expected: '--set component:path=value',
          seen: text,
          remedy: "write it like --set 'log-rules:groups.log-errors.rules.LogsErrorBurst.for=1h'",
        },
      }),
    )
  },
)

test('refuses an unknown component and names the known ones', () => {
  expect(() => parseSetOption('grafana:a=b')).toThrow(
    expect.objectContaining({
      code: 'SET_PATH_UNKNOWN',
      account: {
        expected: `a component of the stack: ${documentNames.join(', ')}`,
        seen: 'grafana',
        where: '--set grafana:a=b',
        remedy: 'name one of these before the colon',
      },
    }),
  )
})

test('refuses a value that is no YAML, with the whole option as the place', () => {
  expect(() => parseSetOption('loki:a={b')).toThrow(
    expect.objectContaining({
      code: 'USAGE_BAD_VALUE',
      account: expect.objectContaining({
        expected: 'a YAML value after the equals sign',
        where: '--set loki:a={b',
      }),
    }),
  )
})

test('applies options in their order, on copies', () => {
  const before = documents({ alertmanager: { route: { group_wait: '30s' } } })
  const options = ['alertmanager:route.group_wait=1s', 'alertmanager:route.group_wait=2s', 'loki:ruler=x']
  const after = applySetOptions(before, options.map(parseSetOption))
  expect(after.alertmanager).toEqual({ route: { group_wait: '2s' } })
  expect(after.loki).toEqual({ ruler: 'x' })
  expect(before.alertmanager).toEqual({ route: { group_wait: '30s' } })
})

test('refuses a path that its component does not have, in the words of the component', () => {
  const options = [parseSetOption('alertmanager:routes.page=x')]
  expect(() => applySetOptions(documents({ alertmanager: { route: {} } }), options)).toThrow(
    expect.objectContaining({
      code: 'SET_PATH_UNKNOWN',
      account: expect.objectContaining({ expected: '`routes` in alertmanager', seen: 'only `route`' }),
    }),
  )
})

test('gives an app a variable, and refuses one for an app that is not there', () => {
  const apps = { frontend: { OTEL_SERVICE_NAME: 'frontend' }, api: {} }
  const setTo = (option: string) => applySetOptions(documents({ apps }), [parseSetOption(option)]).apps
  expect(setTo('apps:frontend.OTEL_PROPAGATORS=none')).toEqual({
    ...apps,
    frontend: { OTEL_SERVICE_NAME: 'frontend', OTEL_PROPAGATORS: 'none' },
  })
  expect(() => setTo('apps:frontent.OTEL_PROPAGATORS=none')).toThrow(
    expect.objectContaining({
      code: 'SET_PATH_UNKNOWN',
      account: expect.objectContaining({ expected: '`frontent` in apps', seen: 'only `frontend`, `api`' }),
    }),
  )
})

test.each([
  ['objects:Service.apps.frontend.spec={}', 'only Kubernetes (--env k3s) has objects'],
  ['targets:frontend=[]', 'only processes (--env process) has targets'],
])('refuses %s where it would be applied nowhere', (option, says) => {
  expect(() => applySetOptions(documents({ objects: {}, targets: {} }), [parseSetOption(option)])).toThrow(
    expect.objectContaining({
      code: 'SET_PATH_UNKNOWN',
      account: expect.objectContaining({ expected: expect.stringContaining(says), where: `--set ${option}` }),
    }),
  )
})
