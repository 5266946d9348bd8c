import { PassThrough } from 'node:stream'
import type Docker from 'dockerode'
import { expect, test } from 'vitest'
import { activityOf, LogTail, lastLines } from './node-log.ts'

/** As the daemon sends a piece of a container's output. */
function frame(text: string): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt8(1)
  header.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([header, Buffer.from(text)])
}

const containerWith = (logs: () => Promise<Buffer>) => ({ logs }) as unknown as Docker.Container
const refusal = (statusCode: number) => async () => {
  throw Object.assign(new Error('no'), { statusCode })
}

test('last lines are read without the headers that Docker puts before each piece', async () => {
  const log = Buffer.concat([frame('one\ntw'), frame('o – zwei\n\n'), frame('three\n')])
  await expect(lastLines(containerWith(async () => log))).resolves.toEqual(['one', 'two – zwei', 'three'])
})

test('a container that is gone, or going, has no lines; any other refusal is told', async () => {
  await expect(lastLines(containerWith(refusal(404)))).resolves.toEqual([])
  await expect(lastLines(containerWith(refusal(409)))).resolves.toEqual([])
  await expect(lastLines(containerWith(refusal(500)))).rejects.toThrow('no')
})

test('a tail keeps the last lines of a log, and tells each whole line as it comes', async () => {
  const tail = new LogTail()
  await tail.ended
  const stream = new PassThrough()
  const seen: string[] = []
  tail.follow(stream, (line) => seen.push(line))
  for (let line = 1; line <= 40; line += 1) stream.write(`line ${line}\n`)
  stream.write('half')
  stream.end()
  await tail.ended
  expect(seen).toHaveLength(40)
  expect(tail.lines).toHaveLength(25)
  expect(tail.lines.at(-1)).toBe('line 40')
})

test('a step of the start is told without its time; a line of another program is none', () => {
  expect(activityOf('[  3.21 s] API server ready')).toBe('API server ready')
  expect(activityOf('[103.21 s] node Ready')).toBe('node Ready')
  expect(activityOf('  | ctr: failed')).toBeUndefined()
  expect(activityOf('time="2026-11-25" level=info msg="Starting k3s"')).toBeUndefined()
})
