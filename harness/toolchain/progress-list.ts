import {
  DefaultRenderer,
  Listr,
  type ListrDefaultRendererLogLevels,
  ListrLogger,
  ProcessOutput,
} from 'listr2'
import { formatMs } from '../core/eventually.ts'
import type { ComponentEvent, InstallEvent, InstallProgress } from './install-progress.ts'

export interface ProgressView {
  readonly progress: InstallProgress
  /** Ends the view, whatever has become of the install. */
  end(): Promise<void>
}

/** Shows an install as it goes on: a live list in a terminal, plain lines elsewhere, nothing when nothing is installed. */
export function showInstall(stream: NodeJS.WriteStream = process.stderr): ProgressView {
  return stream.isTTY ? liveList(stream) : plainLines((line) => stream.write(`${line}\n`))
}

/** A line for each activity, note and end; how far an activity is would be noise here. */
export function plainLines(write: (line: string) => void): ProgressView {
  const labels = new Map<string, string>()
  const lineOf = (event: InstallEvent): string | undefined => {
    if (event.kind === 'started') {
      for (const { name, version } of event.components) labels.set(name, `${name} ${version}`)
      return `making ${event.components.map(({ name }) => labels.get(name)).join(', ')}`
    }
    if (event.kind === 'plan') return event.text
    if (event.kind === 'detail') return undefined
    const ended = event.kind === 'installed' || event.kind === 'failed' ? `${event.kind}, ` : ''
    return `${labels.get(event.component) ?? event.component}: ${ended}${event.text}`
  }
  return {
    progress(event) {
      const line = lineOf(event)
      if (line !== undefined) write(`toolchain: ${line}`)
    },
    end: async () => {},
  }
}

/** What begins within this time shares the list, which cannot grow once it is drawn. */
const gatherMs = 100
const tickEveryMs = 1000

/** The library looks for a terminal on standard output; the list goes to standard error, and is asked for only there. */
class TerminalList extends DefaultRenderer {
  static override nonTTY = true
}

function liveList(stream: NodeJS.WriteStream): ProgressView {
  const lines = new Map<string, ComponentLine>()
  let drawing: NodeJS.Timeout | undefined
  let ticking: NodeJS.Timeout | undefined
  let drawn: Promise<unknown> | undefined

  const output = new ProcessOutput(stream, stream)
  const logger = new ListrLogger<ListrDefaultRendererLogLevels>({
    useIcons: true,
    toStderr: [],
    processOutput: output,
  })
  const draw = () => {
    const tasks = [...lines.values()].map((line) => ({
      title: line.label,
      rendererOptions: { outputBar: Number.POSITIVE_INFINITY, persistentOutput: true },
      task: (_context: unknown, row: Row) => line.drawIn(row),
    }))
    drawn = new Listr(tasks, {
      concurrent: true,
      exitOnError: false,
      // Who is interrupted, and what ends then, is decided by whoever asked for the install.
      registerSignalListeners: false,
      renderer: TerminalList,
      rendererOptions: { logger, showErrorMessage: false },
    }).run()
    ticking = setInterval(() => {
      for (const line of lines.values()) line.refresh()
    }, tickEveryMs)
  }

  return {
    progress(event) {
      if (event.kind === 'started') {
        for (const { name, version } of event.components)
          lines.set(name, new ComponentLine(`${name} ${version}`))
        drawing ??= setTimeout(draw, gatherMs)
      } else if (event.kind === 'plan') {
        lines.values().next().value?.note(event.text)
      } else lines.get(event.component)?.tell(event)
    },
    async end() {
      clearTimeout(drawing)
      clearInterval(ticking)
      for (const line of lines.values()) line.giveUp()
      await drawn
    },
  }
}

interface Row {
  title?: string
  output: string
}

/** One line of the list, which may be told things before it is drawn. */
class ComponentLine {
  readonly label: string
  readonly #startedAt = performance.now()
  readonly #ended = Promise.withResolvers<void>()
  readonly #notes: string[] = []
  #hasEnded = false
  #activity = 'waiting'
  #detail = ''
  #row: Row | undefined

  constructor(label: string) {
    this.label = label
    // A failure before the list is drawn has no other listener.
    this.#ended.promise.catch(() => {})
  }

  drawIn(row: Row): Promise<void> {
    this.#row = row
    for (const note of this.#notes) row.output = note
    this.refresh()
    return this.#ended.promise
  }

  note(text: string): void {
    this.#notes.push(text)
    if (this.#row !== undefined) this.#row.output = text
  }

  tell({ kind, text }: ComponentEvent): void {
    if (kind === 'note') this.note(text)
    else if (kind === 'detail') this.#detail = text
    else {
      this.#activity = text
      this.#detail = ''
    }
    this.#hasEnded ||= kind === 'installed' || kind === 'failed'
    this.refresh()
    if (kind === 'installed') this.#ended.resolve()
    if (kind === 'failed') this.#ended.reject(new Error(text))
  }

  giveUp(): void {
    if (!this.#hasEnded) this.tell({ kind: 'failed', component: this.label, text: 'not installed' })
  }

  refresh(): void {
    if (this.#row === undefined) return
    const elapsed = this.#hasEnded
      ? ''
      : ` (${formatMs(Math.round((performance.now() - this.#startedAt) / 1000) * 1000)})`
    this.#row.title = `${this.label}  ${this.#activity}${this.#detail && `: ${this.#detail}`}${elapsed}`
  }
}
