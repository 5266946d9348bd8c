import { expect, test } from 'vitest'
import { plainLines } from './progress-list.ts'

test('plain lines say each activity, note and end once, and no step in between', async () => {
  const lines: string[] = []
  const view = plainLines((line) => lines.push(line))
  view.progress({ kind: 'started', components: [{ name: 'loki', version: '3.7.8' }] })
  view.progress({ kind: 'plan', text: '2 components are compiled: about 6 min' })
  view.progress({ kind: 'note', component: 'loki', text: 'release archive: TOOL_UNPINNED' })
  view.progress({ kind: 'activity', component: 'loki', text: 'compiling' })
  view.progress({ kind: 'detail', component: 'loki', text: '12 of 100 packages' })
  view.progress({ kind: 'failed', component: 'loki', text: 'TOOL_BUILD_FAILED: no' })
  await view.end()
  expect(lines).toEqual([
    'toolchain: making loki 3.7.8',
    'toolchain: 2 components are compiled: about 6 min',
    'toolchain: loki 3.7.8: release archive: TOOL_UNPINNED',
    'toolchain: loki 3.7.8: compiling',
    'toolchain: loki 3.7.8: failed, TOOL_BUILD_FAILED: no',
  ])
})
