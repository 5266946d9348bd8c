import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { SettingsError } from '../../node-service/src/service-settings.ts'
import { readClinic } from '../src/clinic.ts'

const contractData = fileURLToPath(new URL('../../contract/schedules.json', import.meta.url))

interface Data {
  readonly units: object[]
  readonly professionals: object[]
  valid_until?: string
}

async function fileWith(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'clinic-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'schedules.json')
  await writeFile(file, text)
  return file
}

test("the APIs' own data file gives its professionals, units and period", async () => {
  const clinic = await readClinic({ SCHEDULE_DATA_FILE: contractData })
  expect(clinic?.professionals.map(({ id, name }) => `${id}: ${name}`)).toEqual([
    'ana-duarte: Ana Duarte',
    'joao-simoes: João Simões',
    'ines-carvalho: Inês Carvalho',
    'marta-conceicao: Marta Conceição',
    'rui-nobrega: Rui Nóbrega',
  ])
  expect(clinic?.units.map(({ id }) => id)).toEqual(['baixa', 'alvalade', 'urgencia'])
  expect([clinic?.valid_from, clinic?.valid_until]).toEqual(['2026-01-01', '2027-12-31'])
})

test.each([{}, { SCHEDULE_DATA_FILE: '' }])('without the variable there is no clinic: %j', async (env) => {
  expect(await readClinic(env)).toBeUndefined()
})

const refusedFile = (file: string, seen: string) =>
  `SCHEDULE_DATA_FILE: expected the clinic's data as the APIs read it, in ${file}; seen ${seen}`

test.each([
  ['{', 'no JSON ('],
  ['[]', 'the whole file: Invalid input: expected object'],
])('a file of %s is refused', async (text, seen) => {
  const file = await fileWith(text)
  await expect(readClinic({ SCHEDULE_DATA_FILE: file })).rejects.toThrow(refusedFile(file, seen))
})

const spoilt: [string, (data: Data) => unknown, string][] = [
  [
    'an id that is none',
    ({ professionals }) => Object.assign(professionals[1] ?? {}, { id: 'João' }),
    'professionals[1].id: expected 1 to 64 of a-z, 0-9 and -, and not - first',
  ],
  [
    'an id twice',
    ({ units }) => Object.assign(units[2] ?? {}, { id: 'baixa' }),
    'units[2].id: expected each id once; baixa came before',
  ],
  [
    'no professional',
    (data) => Object.assign(data, { professionals: [] }),
    'professionals: expected at least one professional',
  ],
  [
    'a name of spaces',
    ({ units }) => Object.assign(units[0] ?? {}, { name: ' ' }),
    'units[0].name: expected a name',
  ],
  ['no end', (data) => delete data.valid_until, 'valid_until: expected a day, YYYY-MM-DD'],
  [
    'a period that ends before it begins',
    (data) => Object.assign(data, { valid_until: '2025-12-31' }),
    'valid_until: expected no day before valid_from, 2026-01-01',
  ],
]
test.each(spoilt)('a file with %s is refused with its place', async (_what, spoil, seen) => {
  const data = JSON.parse(await readFile(contractData, 'utf8'))
  spoil(data)
  const file = await fileWith(JSON.stringify(data))
  const refused = readClinic({ SCHEDULE_DATA_FILE: file })
  await expect(refused).rejects.toBeInstanceOf(SettingsError)
  await expect(refused).rejects.toThrow(refusedFile(file, seen))
})

test('a file that is not there is named', async () => {
  await expect(readClinic({ SCHEDULE_DATA_FILE: '/nothing.json' })).rejects.toThrow(
    'in /nothing.json; seen no readable file (ENOENT); try apps/contract/schedules.json',
  )
})
