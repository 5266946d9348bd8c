import { expect, test } from 'vitest'
import { currentPlatform } from './platforms.ts'

test('a machine that the table has no row for is refused by name', () => {
  expect(() => currentPlatform('win32-x64')).toThrow(
    /TOOL_UNAVAILABLE: expected one of .*linux-x64.*\n {2}seen: win32-x64/,
  )
  expect(currentPlatform('darwin-arm64')).toBe('darwin-arm64')
})
