import { expect, test } from 'vitest'
import { readDesignedEmptiness } from './designed-emptiness.ts'
import { readDashboard } from './read-dashboard.ts'

const dashboards = [
  readDashboard(
    JSON.stringify({
      uid: 'slo',
      title: 'S',
      panels: [{ title: 'Alerts that fire', type: 'stat', targets: [] }],
    }),
    'slo.json',
  ),
]
const read = (text: string) => readDesignedEmptiness(text, 'empty.yaml', dashboards)

test('reads which panels are empty when all is well, and why', () => {
  const text = `emptyByDesign:
  - dashboard: slo
    panel: Alerts that fire
    because: nothing fires while all is well
    mayLack: [ALERTS]
`
  expect(read(text)).toEqual([
    {
      dashboard: 'slo',
      panel: 'Alerts that fire',
      because: 'nothing fires while all is well',
      mayLack: ['ALERTS'],
    },
  ])
})

test.each([
  ['[', /CONFIG_UNREADABLE: expected YAML\n {2}at: {3}empty\.yaml/],
  ['emptyByDesign: [{dashboard: slo, panel: x}]', /at: {3}empty\.yaml emptyByDesign\.0\.because/],
  [
    'emptyByDesign: [{dashboard: slo, panel: Gone, because: y}]',
    /expected a panel "Gone"\n {2}at: {3}empty\.yaml emptyByDesign\.0\n {2}seen: none of that title in slo: Alerts that fire/,
  ],
  ['emptyByDesign: [{dashboard: gone, panel: x, because: y}]', /seen: no dashboard gone/],
  ['emptyByDesign: [{dashboard: slo, panel: x, because: y, reason: z}]', /CONFIG_INVALID/],
])('refuses %s', (text, message) => {
  expect(() => read(text)).toThrow(message)
})
