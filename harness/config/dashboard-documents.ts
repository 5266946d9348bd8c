import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeThrown, SignalproofError } from '../core/signalproof-error.ts'
import type { SignalproofConfig } from './config-schema.ts'
import { isMap } from './document-path.ts'
import type { LoadedConfig } from './load-config.ts'
import { readYamlFile } from './yaml-file.ts'

/** Grafana's dashboards and its datasources as parsed documents: they are run without Grafana, too. */
export interface RenderedDashboards {
  /** By uid. */
  readonly dashboards: Readonly<Record<string, unknown>>
  /** Grafana's provisioning file. */
  readonly datasources: unknown
}

/** Of all documents of a stack. */
export const renderedDashboards = ({
  dashboards,
  datasources,
}: Readonly<Record<'dashboards' | 'datasources', unknown>>): RenderedDashboards => ({
  dashboards: isMap(dashboards) ? dashboards : {},
  datasources,
})

type Project = Pick<LoadedConfig, 'root'> & { readonly config: Pick<SignalproofConfig, 'dashboards'> }

/** @throws SignalproofError CONFIG_UNREADABLE, CONFIG_INVALID */
export function readDashboardDocuments({ config, root }: Project): RenderedDashboards {
  if (config.dashboards === undefined) return { dashboards: {}, datasources: {} }
  const folder = join(root, config.dashboards.folder, 'grafana')
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : []
  return {
    dashboards: Object.fromEntries(files.sort().map((name) => readDashboardFile(join(folder, name)))),
    datasources: readYamlFile(join(folder, 'provisioning', 'datasources.yaml')),
  }
}

/** The table of panels that are empty while all is well; undefined where there is none. */
export function readEmptinessTable({ config, root }: Project): { text: string; where: string } | undefined {
  if (config.dashboards === undefined) return undefined
  const where = join(root, config.dashboards.folder, 'empty-by-design.yaml')
  return existsSync(where) ? { text: readFileSync(where, 'utf8'), where } : undefined
}

/** The runbooks that links of the dashboards name, each once. */
export function runbookLinks({ dashboards }: Pick<RenderedDashboards, 'dashboards'>): URL[] {
  const links = new Set<string>()
  const look = (value: unknown): void => {
    if (Array.isArray(value)) for (const entry of value) look(entry)
    if (!isMap(value)) return
    for (const [key, inner] of Object.entries(value))
      if (key === 'url' && typeof inner === 'string' && /^https?:\/\/[^/]+\/runbooks\//.test(inner))
        links.add(inner)
      else look(inner)
  }
  look(Object.values(dashboards))
  return [...links].sort().map((link) => new URL(link))
}

function readDashboardFile(file: string): [uid: string, document: unknown] {
  let document: unknown
  try {
    document = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new SignalproofError('CONFIG_UNREADABLE', {
      expected: 'a dashboard as JSON',
      seen: describeThrown(cause),
      where: file,
      remedy: 'mend the file there',
      cause,
    })
  }
  if (isMap(document) && typeof document.uid === 'string') return [document.uid, document]
  throw new SignalproofError('CONFIG_INVALID', {
    expected: 'a dashboard with a uid',
    seen: isMap(document) ? `a uid ${String(document.uid)}` : typeof document,
    where: file,
    remedy: 'give it one: it is called by it wherever it runs',
  })
}
