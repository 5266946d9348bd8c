import { expect, test } from 'vitest'
import { backendDouble, deadAddress } from '../core/backend-double.ts'
import { askComponents } from './component-answers.ts'

const component = (readyUrl: string, state: 'ready' | 'starting' = 'ready') => ({
  name: 'loki',
  state,
  pid: 1,
  readyAfterMs: 1,
  readyUrl,
})
const answersOf = async (...components: Parameters<typeof askComponents>[0]) =>
  (await askComponents(components)).map(({ answers }) => answers)

test('says what each component answers now, not what it answered when it started', async () => {
  await using well = await backendDouble({})
  await using ill = await backendDouble((_, response) => void response.writeHead(503).end())
  await using hung = await backendDouble(() => {})
  const gone = await deadAddress()
  expect(
    await answersOf(
      component(well.url),
      component(ill.url),
      component(hung.url),
      component(gone),
      component(gone, 'starting'),
    ),
  ).toEqual(['ready', 'not ready (503)', 'no answer within 1 s', 'no answer', 'starting'])
})
