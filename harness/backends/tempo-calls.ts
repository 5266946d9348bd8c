import type { DeclaredCall } from '../core/declared-call.ts'

/** What is asked of Tempo's HTTP API. */
export const tempoCalls = [
  'GET /ready',
  'GET /api/v2/traces/{id}',
  'GET /api/traces/{id}',
  'GET /api/search',
  'GET /api/search/tag/{tag}/values',
  'GET /status/config',
  'GET /status/version',
  'GET /metrics',
] as const satisfies readonly DeclaredCall[]
