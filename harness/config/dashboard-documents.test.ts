import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../core/temporary-folder-double.ts'
import type { SignalproofConfig } from './config-schema.ts'
import { readDashboardDocuments, readEmptinessTable, runbookLinks } from './dashboard-documents.ts'

const sources = { 'dashboards/grafana/provisioning/datasources.yaml': 'datasources: [{ uid: prometheus }]' }

function project(files: Readonly<Record<string, string>>, dashboards: unknown = { folder: 'dashboards' }) {
  const folder = temporaryFolder(files)
  onTestFinished(() => folder[Symbol.dispose]())
  return { root: folder.path, config: { dashboards } as Pick<SignalproofConfig, 'dashboards'> }
}

test('dashboards are called by their uids, in the order of their files', () => {
  const read = readDashboardDocuments(
    project({
      ...sources,
      'dashboards/grafana/b.json': '{"uid": "b"}',
      'dashboards/grafana/a.json': '{"uid": "first", "title": "A"}',
      'dashboards/grafana/notes.md': '# none',
    }),
  )
  expect(Object.entries(read.dashboards)).toEqual([
    ['first', { uid: 'first', title: 'A' }],
    ['b', { uid: 'b' }],
  ])
  expect(read.datasources).toEqual({ datasources: [{ uid: 'prometheus' }] })
})

test('a project that names no dashboards has none', () => {
  const without = { root: '/nowhere', config: {} }
  expect(readDashboardDocuments(without)).toEqual({ dashboards: {}, datasources: {} })
  expect(readEmptinessTable(without)).toBeUndefined()
})

test.each([
  ['no JSON', '{', 'CONFIG_UNREADABLE', 'a dashboard as JSON'],
  ['without a uid', '{"title": "A"}', 'CONFIG_INVALID', 'a dashboard with a uid'],
])('a file that is %s is refused by its name', (_, text, code, expected) => {
  const read = () => readDashboardDocuments(project({ ...sources, 'dashboards/grafana/a.json': text }))
  expect(read).toThrow(
    expect.objectContaining({
      code,
      account: expect.objectContaining({
        expected,
        where: expect.stringMatching(/dashboards\/grafana\/a\.json$/),
      }),
    }),
  )
})

test('the table of empty panels is handed on as text, with its file', () => {
  const table = readEmptinessTable(
    project({ ...sources, 'dashboards/empty-by-design.yaml': 'emptyByDesign: []' }),
  )
  expect(table).toEqual({
    text: 'emptyByDesign: []',
    where: expect.stringMatching(/dashboards\/empty-by-design\.yaml$/),
  })
})

test('runbooks are found wherever a link names one, each once', () => {
  const url = 'http://dev.local/runbooks/ShopDown'
  const links = runbookLinks({
    dashboards: {
      a: { links: [{ url }, { url: 'http://dev.local/grafana/d/a' }], panels: [{ links: [{ url }] }] },
      b: {
        panels: [{ fieldConfig: { defaults: { links: [{ url: 'https://dev.local/runbooks/Other' }] } } }],
      },
    },
  })
  expect(links.map(({ href }) => href)).toEqual([
    'http://dev.local/runbooks/ShopDown',
    'https://dev.local/runbooks/Other',
  ])
})
