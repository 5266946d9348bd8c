import { parse } from 'yaml'
import { describeThrown, SignalproofError } from '../core/signalproof-error.ts'
import { setAtPath } from './document-path.ts'
import { type DocumentName, documentNames, type StackDocuments } from './stack-documents.ts'

/** One `--set component:path=value`: the way to break or tune one thing of the rendered stack. */
export interface SetOption {
  readonly component: DocumentName
  readonly path: string
  readonly value: unknown
  /** As it was written, for result.json. */
  readonly text: string
}

/** Parses one option; the value is YAML. @throws SignalproofError USAGE_BAD_VALUE, SET_PATH_UNKNOWN */
export function parseSetOption(text: string): SetOption {
  const match = /^([^:]+):([^=]+)=(.*)$/s.exec(text)
  if (match === null) {
    throw new SignalproofError('USAGE_BAD_VALUE', {
      expected: '--set component:path=value',
      seen: text,
      remedy: "write it like --set 'log-rules:groups.log-errors.rules.LogsErrorBurst.for=1h'",
    })
  }
  const [, component = '', path = '', value = ''] = match
  const name = documentNames.find((known) => known === component)
  if (name === undefined) {
    throw new SignalproofError('SET_PATH_UNKNOWN', {
      expected: `a component of the stack: ${documentNames.join(', ')}`,
      seen: component,
      where: `--set ${text}`,
      remedy: 'name one of these before the colon',
    })
  }
  return { component: name, path, value: parseValue(value, text), text }
}

function parseValue(value: string, text: string): unknown {
  try {
    return parse(value)
  } catch (cause) {
    throw new SignalproofError('USAGE_BAD_VALUE', {
      expected: 'a YAML value after the equals sign',
      seen: describeThrown(cause),
      where: `--set ${text}`,
      remedy: 'quote the value, for the shell and for YAML',
      cause,
    })
  }
}

/**
 * The documents, all or some, with every option about them applied, in order, on copies.
 * @throws SignalproofError SET_PATH_UNKNOWN, also for a document that this environment has not
 */
export function applySetOptions<D extends Partial<StackDocuments>>(
  documents: D,
  options: readonly SetOption[],
): D {
  const copy: D & Partial<StackDocuments> = structuredClone(documents)
  for (const { component, text } of options) {
    const elsewhere = elsewhereOnly[component]
    if (elsewhere !== undefined && Object.keys(copy[component] ?? {}).length === 0)
      throw notHere(component, elsewhere, text)
  }
  for (const { component, path, value } of options) setAtPath(copy[component], path, value, component)
  return copy
}

/** Documents that some environments leave empty: what was set there would be applied nowhere. */
const elsewhereOnly: Partial<Record<DocumentName, string>> = {
  dashboards: 'a project with `dashboards` in signalproof.config.ts',
  datasources: 'a project with `dashboards` in signalproof.config.ts',
  objects: 'Kubernetes (--env k3s)',
  targets: 'processes (--env process)',
}

function notHere(component: DocumentName, elsewhere: string, text: string): SignalproofError {
  return new SignalproofError('SET_PATH_UNKNOWN', {
    expected: `a component of the stack that this environment has; only ${elsewhere} has ${component}`,
    seen: component,
    where: `--set ${text}`,
    remedy: 'set it there, or name another component',
  })
}
