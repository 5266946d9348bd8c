import { expect, test } from 'vitest'
import { readDashboard } from './read-dashboard.ts'

const read = (dashboard: object) => readDashboard(JSON.stringify(dashboard), 'dashboard.json')
const target = { refId: 'A', expr: 'up' }

test('reads panels, those of collapsed rows among them, and leaves out what asks nothing', () => {
  const { panels, format, title, uid, schemaVersion } = read({
    uid: 'u',
    title: 'T',
    schemaVersion: 39,
    panels: [
      { id: 1, title: 'a', type: 'timeseries', targets: [target] },
      {
        id: 2,
        type: 'row',
        title: 'r',
        repeat: 'app',
        panels: [{ id: 3, title: 'b', type: 'stat', targets: [target] }],
      },
      { id: 4, title: 'c', type: 'stat', repeat: 'route', targets: [target] },
      { id: 5, type: 'text', title: 'd' },
      { id: 6, type: 'row', title: 's' },
      { id: 7, type: 'stat', title: 'e' },
    ],
  })
  expect({ format, title, uid, schemaVersion }).toEqual({
    format: 'classic',
    title: 'T',
    uid: 'u',
    schemaVersion: 39,
  })
  expect(panels.map(({ title, path, repeats }) => [title, path, repeats])).toEqual([
    ['a', 'panels[0]', []],
    ['b', 'panels[1].panels[0]', ['app']],
    ['c', 'panels[2]', ['app', 'route']],
    ['e', 'panels[5]', []],
  ])
})

test('reads the rows of older schemas', () => {
  const { panels, format } = read({
    title: 'T',
    rows: [{ repeat: 'app', panels: [{ id: 1, title: 'a', type: 'graph', targets: [target] }] }],
  })
  expect(format).toBe('rows')
  expect(panels).toMatchObject([{ path: 'rows[0].panels[0]', repeats: ['app'], type: 'graph' }])
})

test.each([
  ['an object', { type: 'loki', uid: 'l' }, { type: 'loki', uid: 'l' }],
  ['a name', 'Prometheus', { uid: 'Prometheus' }],
  ['a variable', '${DS}', { uid: '${DS}' }],
  ['null', null, {}],
  ['default', 'default', {}],
  ['nothing', undefined, {}],
  ['an object without a uid', { type: 'loki', uid: null }, { type: 'loki' }],
])('reads a datasource that is %s', (_name, datasource, reference) => {
  const { panels } = read({ panels: [{ type: 'stat', datasource, targets: [target] }] })
  expect(panels[0]?.datasource).toEqual(reference)
  expect(panels[0]?.targets[0]?.datasource).toEqual(reference)
})

test("a target's own datasource goes before its panel's, and a mixed panel has none", () => {
  const own = { ...target, datasource: { type: 'loki', uid: 'l' } }
  const { panels } = read({
    panels: [
      { type: 'stat', datasource: 'P', targets: [own, target] },
      { type: 'stat', datasource: { uid: '-- Mixed --' }, targets: [own, target] },
    ],
  })
  expect(panels.map(({ targets }) => targets.map(({ datasource }) => datasource))).toEqual([
    [{ type: 'loki', uid: 'l' }, { uid: 'P' }],
    [{ type: 'loki', uid: 'l' }, {}],
  ])
})

test('reads what a target says of its query', () => {
  const { panels } = read({
    panels: [
      {
        type: 'stat',
        interval: '1m',
        maxDataPoints: '100',
        timeFrom: '1h',
        timeShift: '2h',
        targets: [
          {
            expr: 'x',
            instant: true,
            range: false,
            format: 'table',
            hide: true,
            legendFormat: '{{a}}',
            interval: '30s',
            intervalFactor: 2,
            exemplar: true,
          },
          { refId: 'A', query: '{ status = error }', queryType: 'traceql', limit: 5 },
          { expr: '{a="b"}', queryType: 'range', maxLines: 10, step: '1m', resolution: 5 },
        ],
      },
    ],
  })
  expect(panels[0]).toMatchObject({ interval: '1m', maxDataPoints: 100, timeFrom: '1h', timeShift: '2h' })
  expect(panels[0]?.targets).toMatchObject([
    {
      refId: 'B',
      query: 'x',
      instant: true,
      range: false,
      format: 'table',
      hidden: true,
      legend: '{{a}}',
      interval: '30s',
      intervalFactor: 2,
      exemplar: true,
    },
    { refId: 'A', query: '{ status = error }', queryType: 'traceql', limit: 5, hidden: false },
    { refId: 'C', query: '{a="b"}', queryType: 'range', limit: 10, step: '1m', resolution: 5 },
  ])
})

test('reads the unit of a graph panel where it was before there were field options', () => {
  const { panels } = read({ panels: [{ type: 'graph', yaxes: [{ format: 's' }, { format: 'short' }] }] })
  expect(panels[0]?.unit).toBe('s')
})

test('names what it does not support, by the place where it stands', () => {
  const { unsupported, panels } = read({
    annotations: {
      list: [
        { builtIn: 1, name: 'Annotations & Alerts' },
        { name: 'deploys', datasource: 'G' },
        { name: 'off', enable: false },
      ],
    },
    templating: { list: [{ name: 'g', type: 'groupby' }, { type: 'query' }] },
    panels: [
      { title: 'a', type: 'table', targets: [target], transformations: [{ id: 'organize' }, {}] },
      { title: 'b', libraryPanel: { uid: 'x', name: 'Shared' } },
      'nonsense',
      { title: 'c', type: 'stat', targets: { A: target } },
      { title: 'd', type: 'stat', targets: [7] },
    ],
  })
  expect(panels.map(({ title }) => title)).toEqual(['a', 'b', 'c', 'd'])
  expect(unsupported.map(({ path, panel, construct, effect }) => [path, panel, construct, effect])).toEqual([
    ['annotations.list[1]', undefined, 'annotation deploys', 'not asked'],
    ['panels[2]', undefined, 'Invalid input: expected object, received string', 'not read'],
    ['panels[0].transformations[0]', 'a', 'transformation organize', 'queries are judged before it'],
    ['panels[0].transformations[1]', 'a', 'transformation without an id', 'queries are judged before it'],
    ['panels[1]', 'b', 'library panel Shared', 'not asked: its queries are kept in Grafana'],
    ['panels[3].targets', 'c', 'an object where a list stands', 'not read'],
    ['panels[4].targets[0]', 'd', 'Invalid input: expected object, received number', 'not read'],
    ['templating.list[1].name', undefined, 'Invalid input: expected string, received undefined', 'not read'],
    ['templating.list[0]', undefined, 'variable $g of type groupby', 'its saved value is taken'],
  ])
})

test('an export brings its library panels, datasources and constants along', () => {
  const { panels, variables, unsupported } = read({
    __inputs: [
      { name: 'DS_PROM', type: 'datasource', pluginId: 'prometheus' },
      { name: 'VAR_X', type: 'constant', value: 'y' },
    ],
    __elements: { x: { model: { title: 'Shared', type: 'stat', targets: [target] } } },
    panels: [{ id: 7, libraryPanel: { uid: 'x', name: 'Shared' } }],
  })
  expect(panels).toMatchObject([{ id: 7, title: 'Shared', targets: [{ query: 'up' }] }])
  expect(variables).toMatchObject([
    { name: 'DS_PROM', kind: 'datasource', query: 'prometheus' },
    { name: 'VAR_X', kind: 'constant', query: 'y' },
  ])
  expect(unsupported).toEqual([])
})

test.each([
  ['the HTTP API', { dashboard: { title: 'T', uid: 'u', panels: [] }, meta: {} }],
  ['a resource', { kind: 'Dashboard', metadata: { name: 'u' }, spec: { title: 'T', panels: [] } }],
])('takes a dashboard out of the wrapping of %s', (_name, wrapped) => {
  expect(read(wrapped)).toMatchObject({ title: 'T', uid: 'u', panels: [] })
})

// The form of the second schema: apps/dashboard/kinds/v2/dashboard_spec.cue of grafana/grafana.
test('reads the second schema: elements, their queries, and variables', () => {
  const dashboard = read({
    apiVersion: 'dashboard.grafana.app/v2',
    kind: 'Dashboard',
    metadata: { name: 'u' },
    spec: {
      title: 'T',
      timeSettings: { from: 'now-1h', to: 'now' },
      elements: {
        'panel-1': {
          kind: 'Panel',
          spec: {
            id: 1,
            title: 'a',
            description: 'd',
            data: {
              kind: 'QueryGroup',
              spec: {
                queries: [
                  {
                    kind: 'PanelQuery',
                    spec: {
                      refId: 'A',
                      hidden: false,
                      query: {
                        kind: 'DataQuery',
                        group: 'prometheus',
                        datasource: { name: 'prom' },
                        spec: { expr: 'up{job="$job"}', instant: true },
                      },
                    },
                  },
                ],
                transformations: [{ kind: 'Transformation', group: 'organize' }],
                queryOptions: { maxDataPoints: 50 },
              },
            },
            vizConfig: {
              kind: 'VizConfig',
              group: 'timeseries',
              spec: { fieldConfig: { defaults: { unit: 's' }, overrides: [] } },
            },
          },
        },
        'panel-2': { kind: 'LibraryPanel', spec: { id: 2, title: 'b', libraryPanel: { name: 'Shared' } } },
        'panel-3': { kind: 7 },
      },
      layout: { kind: 'GridLayout', spec: { items: [{ spec: { repeat: { value: 'job' } } }] } },
      variables: [
        {
          kind: 'QueryVariable',
          spec: {
            name: 'job',
            multi: true,
            sort: 'alphabeticalDesc',
            query: {
              kind: 'DataQuery',
              group: 'prometheus',
              datasource: { name: 'prom' },
              spec: { query: 'label_values(up, job)' },
            },
          },
        },
        { kind: 'DatasourceVariable', spec: { name: 'ds', pluginId: 'prometheus' } },
        { kind: 'CustomVariable', spec: { name: 'c', query: 'a,b' } },
        { kind: 'TextVariable', spec: { name: 't', query: 'x' } },
      ],
    },
  })
  expect(dashboard).toMatchObject({ uid: 'u', title: 'T', format: 'v2', time: { from: 'now-1h', to: 'now' } })
  expect(dashboard.panels).toMatchObject([
    {
      id: 1,
      title: 'a',
      type: 'timeseries',
      unit: 's',
      maxDataPoints: 50,
      targets: [{ query: 'up{job="$job"}', instant: true, datasource: { type: 'prometheus', uid: 'prom' } }],
    },
    { id: 2, title: 'b', type: 'library panel', targets: [] },
  ])
  expect(dashboard.variables).toMatchObject([
    { name: 'job', kind: 'query', sort: 2, query: 'label_values(up, job)', multi: true },
    { name: 'ds', kind: 'datasource', query: 'prometheus' },
    { name: 'c', kind: 'custom', query: 'a,b' },
    { name: 't', kind: 'textbox', query: 'x' },
  ])
  expect(dashboard.unsupported.map(({ path, construct }) => [path, construct])).toEqual([
    ['elements.panel-1.transformations[0]', 'transformation organize'],
    ['elements.panel-2', 'library panel Shared'],
    ['elements.panel-3.kind', 'Invalid input: expected string, received number'],
    ['layout', '1 repeated panels or rows'],
  ])
})

test('refuses text that is no JSON and JSON that is no dashboard, by the file', () => {
  expect(() => readDashboard('{', 'x.json')).toThrow(
    /CONFIG_UNREADABLE: expected a dashboard as JSON\n {2}at: {3}x.json/,
  )
  expect(() => readDashboard('{"a":1,"b":2}', 'x.json')).toThrow(
    /CONFIG_INVALID: expected a Grafana dashboard: an object with panels, rows or elements\n.*\n {2}seen: an object with a, b\n/,
  )
  expect(() => readDashboard('[]', 'x.json')).toThrow(/seen: object/)
})
