/** One log line or trace, by its own time. */
export interface AnswerRow {
  readonly atMs: number
  readonly labels: Readonly<Record<string, string>>
}
