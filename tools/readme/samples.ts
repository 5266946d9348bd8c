import { fileURLToPath } from 'node:url'
import { claimRows } from '../../harness/claims/table.ts'
import { loadConfig } from '../../harness/config/load-config.ts'
import { alertsInGit } from '../../harness/config/stack-documents.ts'
import { errorCodes } from '../../harness/core/error-codes.ts'
import { hopNames } from '../../harness/timeline/hops.ts'

const layers = new Set(claimRows.map(({ layer }) => layer))
const claims = new Set(claimRows.map(({ id }) => id))
const project = await loadConfig(fileURLToPath(new URL('../..', import.meta.url)))
const alerts = new Set(Object.values(alertsInGit(project)).flat())

/** What a text shows of ours, each with whether it is still there. */
export function namesShown(text: string): { readonly name: string; readonly isKnown: boolean }[] {
  const claimLike = text.matchAll(/(?<![\w./-])([a-z]+)\.[a-z]+(?:-[a-z]+)*(?![\w/-])/g)
  const codeLike = text.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g)
  const hop = /^ {2}([a-z]+) +[\d.]+ m?s of +[\d.]+ m?s/.exec(text)?.[1]
  // A row of the table of alerts: the alert, its receiver and its moments.
  const alert = /^ {2}([A-Z][A-Za-z]+) +[a-z]+ +[\d.]+ m?s +[\d.]+ m?s/.exec(text)?.[1]
  return [
    ...(alert === undefined ? [] : [{ name: alert, isKnown: alerts.has(alert) }]),
    ...[...claimLike].flatMap(([name, layer = '']) =>
      layers.has(layer) ? [{ name, isKnown: claims.has(name) }] : [],
    ),
    ...[...codeLike].map(([name]) => ({ name, isKnown: Object.hasOwn(errorCodes, name) })),
    ...(hop === undefined ? [] : [{ name: hop, isKnown: hopNames.some((known) => known === hop) }]),
  ]
}
