import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RequestHandler } from 'express'
import { answerNotFound } from '../../node-service/src/problem.ts'

/** The route behind every alert's runbook_url. */
export const runbookRoute = '/runbooks/:alert'

/** Serves the runbook of an alert from a folder of `<alert>.md`; what is no alert's name, or has none, is not found. */
export function serveRunbook(folder: string | undefined): RequestHandler {
  return async (request, response, next) => {
    // Runbooks link to each other by file name, which works in the repository, too.
    const alert = String(request.params.alert).replace(/\.md$/, '')
    const text =
      folder !== undefined && /^[A-Za-z0-9]+$/.test(alert) ? await readRunbook(folder, alert) : undefined
    if (text === undefined) return void answerNotFound(request, response, next)
    response.setHeader('Content-Type', 'text/markdown; charset=utf-8')
    response.end(text)
  }
}

async function readRunbook(folder: string, alert: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, `${alert}.md`), 'utf8')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw thrown
  }
}
