import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../core/temporary-folder-double.ts'
import { workloadNames } from '../load-figures.ts'
import { workloadScript } from './workload-scripts.ts'

test.each(workloadNames)('%s comes with signalproof', (name) => {
  expect(workloadScript('/nonexistent', name)).toBe(join(import.meta.dirname, `../../../load/${name}.ts`))
})

test("a project's own workload goes before ours, and a path names any script", () => {
  using folder = temporaryFolder({ 'load/steady.ts': '' })
  const root = folder.path
  expect(workloadScript(root, 'steady')).toBe(join(root, 'load', 'steady.ts'))
  expect(workloadScript(root, 'load/steady.ts')).toBe(join(root, 'load', 'steady.ts'))
  expect(workloadScript('/', join(root, 'load', 'steady.ts'))).toBe(join(root, 'load', 'steady.ts'))
})

test('a name that is no workload and a path that is not there are refused', () => {
  expect(() => workloadScript('/nonexistent', 'flood')).toThrow(
    /^USAGE_UNKNOWN_NAME: expected a workload: steady, ramp, spike, soak, breakpoint, or the path of a k6 script\n {2}seen: flood\n/,
  )
  expect(() => workloadScript('/nonexistent', 'load/flood.ts')).toThrow(
    /at: {3}\/nonexistent\/load\/flood\.ts\n {2}seen: load\/flood\.ts, which is not there/,
  )
})
