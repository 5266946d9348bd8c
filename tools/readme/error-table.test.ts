import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { errorCodes } from '../../harness/core/error-codes.ts'
import { errorTable, errorTableStale, withErrorTable } from './error-table.ts'

const page = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const stale = (text: string) => errorTableStale('README.md', text)

test('every code has its row, with the exit status of its family', () => {
  expect(errorTable().split('\n')).toHaveLength(Object.keys(errorCodes).length + 2)
  expect(errorTable()).toMatch(/^\| `CLAIM_BROKEN` \| 1 \| A claim was looked at/m)
  expect(errorTable()).toMatch(/^\| `USAGE_BAD_VALUE` \| 2 \| /m)
})

test('the README has the table, and writing it again changes nothing', () => {
  expect(stale(page)).toBe('')
  expect(withErrorTable(page)).toBe(page)
})

test('a row that says something else is named with its line, and is written again', () => {
  const changed = page.replace('A claim was looked at', 'A claim was overlooked')
  const line = changed.split('\n').findIndex((row) => row.includes('overlooked')) + 1
  expect(line).toBeGreaterThan(0)
  expect(stale(changed)).toMatch(
    new RegExp(`^README\\.md:${line}: expected .*looked at.*; seen .*overlooked`),
  )
  expect(withErrorTable(changed)).toBe(page)
})

test('a row that is missing, one too many, and no place for the table', () => {
  const row = /^\| `CLAIM_BROKEN`.*\n/m
  expect(stale(page.replace(row, ''))).toMatch(/^README\.md:\d+: expected \| `CLAIM_BROKEN`/)
  expect(stale(page.replace(row, (found) => found + found))).toMatch(/^README\.md:\d+: .*try: npm run/)
  expect(stale('# A page')).toMatch(/^README\.md:1: expected the table of error codes/)
  expect(() => withErrorTable('# A page')).toThrow('expected the lines')
})
