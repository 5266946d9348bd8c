/**
 * Stands in for a component. Its one argument is FakeComponentOptions as JSON; it does at once what it is told there
 * and later what it is asked: `/exit?code=N&lines=M` ends it, `/print?stream=S&text=T` writes.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'

export interface FakeComponentOptions {
  readonly port: number
  /** Its environment's folder: it is recognised by that in the list of processes. */
  readonly folder: string
  /** Written to standard error at the start. */
  readonly say?: string
  /** Ends at the start, after having said what it says. */
  readonly exitCode?: number
  /** Answers 503 until this file exists. */
  readonly readyWhen?: string
  /** Has a child of its own that does not react to SIGTERM. */
  readonly stubbornChild?: boolean
  /** Has a child of its own that says when it gets a SIGTERM. */
  readonly politeChild?: boolean
  /** Does not react to SIGTERM itself. */
  readonly stubborn?: boolean
  /** Says at SIGTERM whether this address still answers, then ends. */
  readonly lastLookAt?: string
}

const options = JSON.parse(process.argv[2] ?? '{}') as FakeComponentOptions
if (options.say !== undefined) process.stderr.write(`${options.say}\n`)
if (options.exitCode !== undefined) process.exit(options.exitCode)
const { readyWhen, lastLookAt } = options
if (lastLookAt !== undefined) {
  process.on('SIGTERM', async () => {
    const answers = await fetch(lastLookAt).then(() => 'still answers', () => 'is gone')
    process.stdout.write(`${lastLookAt} ${answers}\n`, () => process.exit(0))
  })
}
if (options.stubborn) process.on('SIGTERM', () => {})
if (options.stubbornChild) startChild('trap "" TERM; exec tail -f "$0/logs/supervisor.log" > /dev/null')
if (options.politeChild) startChild('trap "echo the child was asked to stop; exit" TERM; echo the child is up; sleep 600 & wait')

function startChild(script: string): void {
  spawn('/bin/sh', ['-c', script, options.folder], { stdio: 'inherit' })
}

createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake')
  if (pathname === '/ready' && readyWhen !== undefined && !existsSync(readyWhen)) return response.writeHead(503).end('still reading the index')
  if (pathname === '/environment') return response.end(JSON.stringify(process.env))
  if (pathname === '/exit') {
    response.end()
    const lines = Array.from({ length: Number(searchParams.get('lines') ?? 0) }, (_, n) => `line ${n + 1}\n`)
    process.stdout.write(`${lines.join('')}giving up\n`, () => process.exit(Number(searchParams.get('code'))))
    return
  }
  if (pathname === '/print') {
    const stream = searchParams.get('stream') === 'stderr' ? process.stderr : process.stdout
    return stream.write(searchParams.get('text') ?? '', () => response.end())
  }
  return response.end()
}).listen(options.port, '127.0.0.1')
