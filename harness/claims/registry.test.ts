import { expect, test } from 'vitest'
import { rowDouble } from './claim-doubles.ts'
import { ClaimRegistry, testTitle } from './registry.ts'
import { claimRows } from './table.ts'

const body = () => {}
const known = claimRows.slice(0, 3).map(({ id }) => id)

/** A registry that has read these files; each makes the claims that are named. */
async function registryOf(
  files: Readonly<Record<string, readonly (string | ReturnType<typeof rowDouble>)[]>>,
) {
  const registry = new ClaimRegistry()
  for (const [file, claims] of Object.entries(files)) {
    await registry.read(file, async () => {
      for (const claim of claims) registry.add(claim, body)
    })
  }
  return registry
}

test('knows the rows of the table before anything is read', () => {
  expect([...new ClaimRegistry().rows.keys()]).toEqual(claimRows.map(({ id }) => id))
})

test('hands out the claims of some files in the order of the table, not of the files', async () => {
  const [first = '', second = '', third = ''] = known
  const registry = await registryOf({ 'b.test.ts': [third, first], 'a.test.ts': [second] })
  expect(registry.claimsIn(['b.test.ts']).map(({ id }) => id)).toEqual([first, third])
  expect(registry.claimsIn(['a.test.ts', 'b.test.ts']).map(({ id }) => id)).toEqual(known)
  expect(registry.claimsIn(['c.test.ts'])).toEqual([])
})

test('takes a row of another repository, after the rows of the table', async () => {
  const own = rowDouble('shop.checkout-counted', known[0] ?? '')
  const registry = await registryOf({ 'shop.test.ts': [own] })
  expect([...registry.rows.keys()].at(-1)).toBe('shop.checkout-counted')
  expect(registry.claimsIn(['shop.test.ts'])).toEqual([own])
})

test('refuses the id of a row that there is not', async () => {
  await expect(registryOf({ 'a.test.ts': ['logs.nothing'] })).rejects.toMatchObject({
    code: 'USAGE_UNKNOWN_NAME',
    account: {
      expected: 'the id of a row in the table of claims',
      seen: 'logs.nothing',
      remedy: 'add the row to harness/claims/table.ts, or hand the row itself to claim()',
    },
  })
})

test('refuses a claim that is made twice, in two files or in one: only one of them would be judged', async () => {
  const [id = ''] = known
  await expect(registryOf({ 'a.test.ts': [id], 'b.test.ts': [id] })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    account: {
      expected: `one claim('${id}') in all scenario files`,
      seen: 'one in a.test.ts, and one more',
      where: 'b.test.ts',
    },
  })
  await expect(registryOf({ 'a.test.ts': [id, id] })).rejects.toMatchObject({
    account: { where: 'a.test.ts' },
  })
})

test('a file that is evaluated again for its tests keeps the body that was read ahead', async () => {
  const [id = ''] = known
  const registry = await registryOf({ 'a.test.ts': [id] })
  expect(registry.isReading).toBe(false)
  expect(registry.add(id, () => {}).id).toBe(id)
  expect(registry.bodies.get(id)).toBe(body)
})

test('is reading only while a file is read, also when that file fails', async () => {
  const registry = new ClaimRegistry()
  await registry.read('a.test.ts', async () => expect(registry.isReading).toBe(true))
  const failing = registry.read('b.test.ts', () => Promise.reject(new Error('no such import')))
  await expect(failing).rejects.toThrow('no such import')
  expect(registry.isReading).toBe(false)
})

test('finds all that some claims need, over any depth and each once, in the order of the rows', async () => {
  const rows = [
    rowDouble('x.last', 'x.left', 'x.right'),
    rowDouble('x.left', 'x.root'),
    rowDouble('x.right', 'x.root'),
    rowDouble('x.root'),
    rowDouble('x.other'),
  ]
  const registry = await registryOf({ 'x.test.ts': rows })
  expect(registry.withNeeds(['x.last']).map(({ id }) => id)).toEqual([
    'x.last',
    'x.left',
    'x.right',
    'x.root',
  ])
  expect(registry.withNeeds([])).toEqual([])
})

test('comes to an end where needs go in a circle', async () => {
  const registry = await registryOf({ 'x.test.ts': [rowDouble('x.a', 'x.b'), rowDouble('x.b', 'x.a')] })
  expect(registry.withNeeds(['x.b']).map(({ id }) => id)).toEqual(['x.a', 'x.b'])
})

test("a test's title begins with the claim's id, so that a filter finds it", () => {
  expect(testTitle(rowDouble('logs.stored'))).toBe('logs.stored: the sentence of logs.stored')
})
