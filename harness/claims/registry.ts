import { SignalproofError } from '../core/signalproof-error.ts'
import type { ClaimRow } from './claim-row.ts'
import type { ClaimBody } from './scheduler.ts'
import { type ClaimPlace, claimRows, rowsOf } from './table.ts'

/**
 * The claims that the scenario files of this worker have registered. Vitest runs files one after another; the registry
 * has read all of them before the first one runs, so no claim waits for a file.
 */
export class ClaimRegistry {
  readonly rows = new Map<string, ClaimRow>(claimRows.map((row) => [row.id, row]))
  readonly bodies = new Map<string, ClaimBody>()
  private readonly fileOf = new Map<string, string>()
  private readingFile: string | undefined

  /**
   * Registers a claim by the id of its row, or with a row of its own. Files are evaluated again for their tests; the
   * registration that was read ahead stands.
   * @throws SignalproofError USAGE_UNKNOWN_NAME, CONFIG_INVALID for a claim that is made twice
   */
  add(idOrRow: string | ClaimRow, body: ClaimBody): ClaimRow {
    if (typeof idOrRow !== 'string' && !this.rows.has(idOrRow.id)) this.rows.set(idOrRow.id, idOrRow)
    const id = typeof idOrRow === 'string' ? idOrRow : idOrRow.id
    const row = this.rows.get(id)
    if (row === undefined) {
      throw new SignalproofError('USAGE_UNKNOWN_NAME', {
        expected: 'the id of a row in the table of claims',
        seen: id,
        remedy: 'add the row to harness/claims/table.ts, or hand the row itself to claim()',
      })
    }
    if (this.bodies.has(id) && this.readingFile !== undefined) {
      throw new SignalproofError('CONFIG_INVALID', {
        expected: `one claim('${id}') in all scenario files`,
        seen: `one in ${this.fileOf.get(id)}, and one more`,
        where: this.readingFile,
        remedy: 'only one of them would be judged: give the other a row of its own',
      })
    }
    if (!this.bodies.has(id)) {
      this.bodies.set(id, body)
      if (this.readingFile !== undefined) this.fileOf.set(id, this.readingFile)
    }
    return row
  }

  /** Leaves out the rows of the table that exist elsewhere. */
  keepRowsOf(place: ClaimPlace): void {
    const here = rowsOf(place, [...this.rows.values()])
    this.rows.clear()
    for (const row of here) this.rows.set(row.id, row)
  }

  /** Reads a scenario file's claims without running them. */
  async read(file: string, importFile: (file: string) => Promise<unknown>): Promise<void> {
    this.readingFile = file
    try {
      await importFile(file)
    } finally {
      this.readingFile = undefined
    }
  }

  /** True while a file is read ahead: its claims are registered, its tests are not. */
  get isReading(): boolean {
    return this.readingFile !== undefined
  }

  /** The claims of some files, in the order of the table. */
  claimsIn(files: readonly string[]): ClaimRow[] {
    return [...this.rows.values()].filter(({ id }) => files.includes(this.fileOf.get(id) ?? ''))
  }

  /** Some claims with everything they need, directly or not, in the order of the table. */
  withNeeds(ids: readonly string[]): ClaimRow[] {
    const wanted = new Set<string>()
    const add = (id: string) => {
      if (wanted.has(id)) return
      wanted.add(id)
      for (const need of this.rows.get(id)?.needs ?? []) add(need.id)
    }
    for (const id of ids) add(id)
    return [...this.rows.values()].filter(({ id }) => wanted.has(id))
  }
}

/** The title of a claim's test: its id first, so that `-t` finds it. */
export const testTitle = ({ id, title }: ClaimRow): string => `${id}: ${title}`
