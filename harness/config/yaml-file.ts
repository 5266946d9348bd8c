import { readFileSync } from 'node:fs'
import { LineCounter, parseDocument } from 'yaml'
import { describeThrown, SignalproofError } from '../core/signalproof-error.ts'

/** Reads one YAML document. @throws SignalproofError CONFIG_UNREADABLE with the file, line and column */
export function readYamlFile(file: string): unknown {
  const text = readText(file)
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false })
  const [error] = document.errors
  if (error === undefined) return document.toJS()
  const { line, col } = lineCounter.linePos(error.pos[0])
  throw new SignalproofError('CONFIG_UNREADABLE', {
    expected: 'valid YAML',
    seen: error.message,
    where: `${file}:${line}:${col}`,
    remedy: 'correct the file at that line',
  })
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new SignalproofError('CONFIG_UNREADABLE', {
      expected: 'a readable file',
      seen: describeThrown(cause),
      where: file,
      remedy: 'check `sources` in signalproof.config.ts',
      cause,
    })
  }
}
