import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CriLogWriter } from './cri-log-writer.ts'

const atMs = Date.UTC(2026, 1, 3, 4, 5, 6, 7)
const time = (nanoseconds: number) => `2026-02-03T04:05:06.007${String(nanoseconds).padStart(6, '0')}Z`
const pieceBytes = 16 * 1024

let folder: string
let file: number
let writer: CriLogWriter

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalproof-cri-'))
  file = openSync(join(folder, '0.log'), 'a')
  // A clock that stands still shows what the writer does about it.
  writer = new CriLogWriter(file, () => BigInt(atMs) * 1_000_000n + 20n)
})

afterEach(() => {
  closeSync(file)
  rmSync(folder, { recursive: true })
})

const written = () => readFileSync(join(folder, '0.log'), 'utf8')

test('a line gets time, stream and F before it', () => {
  writer.write('stdout', Buffer.from('{"status":500}\n'))
  expect(written()).toBe(`${time(20)} stdout F {"status":500}\n`)
})

test('no two lines have the same time, and time never goes back', () => {
  writer.write('stdout', Buffer.from('same\nsame\n'))
  writer.write('stderr', Buffer.from('same\n'))
  expect(written()).toBe(`${time(20)} stdout F same\n${time(21)} stdout F same\n${time(22)} stderr F same\n`)
})

test('a line that comes in pieces is one line, and the other stream does not get into it', () => {
  writer.write('stdout', Buffer.from('first ha'))
  writer.write('stderr', Buffer.from('between\n'))
  expect(written()).toBe(`${time(20)} stderr F between\n`)
  writer.write('stdout', Buffer.from('lf\nsecond'))
  expect(written()).toBe(`${time(20)} stderr F between\n${time(21)} stdout F first half\n`)
})

test('a character that is cut by the end of a piece stays whole', () => {
  const bytes = Buffer.from('ação\n')
  writer.write('stdout', bytes.subarray(0, 2))
  writer.write('stdout', bytes.subarray(2))
  expect(written()).toBe(`${time(20)} stdout F ação\n`)
})

test('an empty line is a line, and a CR before the newline belongs to the newline', () => {
  writer.write('stdout', Buffer.from('\nwindows\r\n'))
  expect(written()).toBe(`${time(20)} stdout F \n${time(21)} stdout F windows\n`)
})

test('a line of exactly 16 KiB is whole', () => {
  const line = 'x'.repeat(pieceBytes)
  writer.write('stdout', Buffer.from(`${line}\n`))
  expect(written()).toBe(`${time(20)} stdout F ${line}\n`)
})

test.each([{ chunkBytes: 1_000_000 }, { chunkBytes: 4096 }, { chunkBytes: 999 }])(
  'a line above 16 KiB is P, P, F, however it comes: in chunks of $chunkBytes bytes',
  ({ chunkBytes }) => {
    const bytes = Buffer.from(`${'a'.repeat(pieceBytes)}${'b'.repeat(pieceBytes)}c\nnext\n`)
    for (let start = 0; start < bytes.length; start += chunkBytes) {
      writer.write('stdout', bytes.subarray(start, start + chunkBytes))
    }
    const entries = written()
      .split('\n')
      .map((line) => line.split(' ').slice(1).join(' '))
    expect(entries).toEqual([
      `stdout P ${'a'.repeat(pieceBytes)}`,
      `stdout P ${'b'.repeat(pieceBytes)}`,
      'stdout F c',
      'stdout F next',
      '',
    ])
  },
)

test('what a process leaves without a newline is written as P when its stream ends', () => {
  writer.write('stderr', Buffer.from('panic: no newl'))
  expect(written()).toBe('')
  writer.end('stderr')
  writer.end('stdout')
  expect(written()).toBe(`${time(20)} stderr P panic: no newl\n`)
})

test('the times are those of the wall clock', () => {
  const before = Date.now()
  new CriLogWriter(file).write('stdout', Buffer.from('now\n'))
  const [stamp = ''] = written().split(' ')
  expect(stamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
  expect(Date.parse(stamp)).toBeGreaterThanOrEqual(before)
  expect(Date.parse(stamp)).toBeLessThanOrEqual(Date.now())
})

test('lines that are held come later, with the time at which they were written, and in their order', () => {
  let now = BigInt(atMs) * 1_000_000n
  const clocked = new CriLogWriter(file, () => now)
  clocked.hold()
  clocked.write('stdout', Buffer.from('one\n'))
  now += 1_000n
  clocked.write('stderr', Buffer.from('two\n'))
  expect(written()).toBe('')
  now += 1_000n
  clocked.release()
  clocked.write('stdout', Buffer.from('three\n'))
  expect(written()).toBe(
    `${time(0)} stdout F one\n${time(1_000)} stderr F two\n${time(2_000)} stdout F three\n`,
  )
})
