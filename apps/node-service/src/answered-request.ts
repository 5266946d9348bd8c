/** A request that a service has answered, as its log line and its span tell it. */
export interface AnsweredRequest {
  readonly method: string
  readonly route: string
  /** As it was sent, with the query. */
  readonly target: string
  readonly status: number
  readonly durationSeconds: number
}
