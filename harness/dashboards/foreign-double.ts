import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Dashboard } from './dashboard-model.ts'
import { readDashboard } from './read-dashboard.ts'

/** Dashboards of other projects; testdata/foreign/README.md says where each is from. */

const folder = join(import.meta.dirname, 'testdata/foreign')

export interface ForeignDashboard {
  readonly file: string
  readonly text: string
  readonly dashboard: Dashboard
}

export const foreignDashboards = (): ForeignDashboard[] =>
  globSync('*/*.json', { cwd: folder })
    .sort()
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8')
      return { file, text, dashboard: readDashboard(text, file) }
    })

export const foreignReadme = (): string => readFileSync(join(folder, 'README.md'), 'utf8')
