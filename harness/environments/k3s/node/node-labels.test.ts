import { expect, test } from 'vitest'
import { isKept, isOrphan, nodeLabels, ownerLabels } from './node-labels.ts'

test('what a living process made is no orphan', () => {
  expect(isOrphan(ownerLabels())).toBe(false)
})

test('the same process id with another start is another process', () => {
  expect(isOrphan({ ...ownerLabels(), [nodeLabels.owner]: `${process.pid} another start` })).toBe(true)
})

test('a process id that nobody has is of a process that is gone', () => {
  // Above every limit that a kernel sets on process ids.
  expect(isOrphan({ ...ownerLabels(), [nodeLabels.owner]: '99999999 any start' })).toBe(true)
})

test('a process that cannot be looked for from here counts as living, and so does what is nobody’s', () => {
  expect(isOrphan({ [nodeLabels.owner]: '99999999 any start', [nodeLabels.ownerHome]: 'elsewhere' })).toBe(
    false,
  )
  expect(isOrphan({})).toBe(false)
})

test('kept is what says so', () => {
  expect(isKept({ [nodeLabels.kept]: 'true' })).toBe(true)
  expect(isKept({ [nodeLabels.kept]: 'false' })).toBe(false)
  expect(isKept({})).toBe(false)
})
