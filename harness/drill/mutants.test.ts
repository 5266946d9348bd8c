import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, expect, test } from 'vitest'
import { whyNotHere } from '../claims/requirements.ts'
import { rowsOf } from '../claims/table.ts'
import { ownStackCapabilities } from '../environments/contract.ts'
import { mutants } from './mutants.ts'

/** Each claim has a mutant of the real stack that turns exactly it red; a run that stays green fails here. */

const root = join(import.meta.dirname, '..', '..')
const scratch = mkdtempSync(join(tmpdir(), 'signalproof-drill-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** Only a broken start turns this one red, and that is the environment's fault: the supervisor's tests have it. */
const withoutMutant = ['platform.components-ready']

test('every claim has a mutant that breaks it', () => {
  const broken = mutants.map(({ breaks }) => breaks)
  expect(
    rowsOf({ kind: 'process', capabilities: ownStackCapabilities })
      .filter((row) => whyNotHere(row, { capabilities: ownStackCapabilities }) === undefined)
      .map(({ id }) => id)
      .filter((id) => !withoutMutant.includes(id) && !broken.includes(id)),
  ).toEqual([])
})

for (const [index, mutant] of mutants.entries()) {
  test(`${mutant.name}: ${mutant.breaks} is first broken`, async () => {
    const out = join(scratch, String(index))
    const set = mutant.set.flatMap((text) => ['--set', text])
    const run = await execa(
      process.execPath,
      [
        'harness/cli/main.ts',
        'verify',
        '--json',
        '--out',
        out,
        '--claim',
        `^${mutant.breaks.replace('.', '\\.')}:`,
        ...set,
      ],
      {
        cwd: root,
        reject: false,
      },
    )
    expect(run.exitCode, `exit status\n${run.stderr}`).toBe(1)
    const result = JSON.parse(run.stdout) as {
      verdict: string
      firstBroken: string
      set: string[]
      claims: { id: string; verdict: string; reason?: string }[]
    }
    expect(result.firstBroken, run.stderr).toBe(mutant.breaks)
    expect(result.claims.filter(({ verdict }) => verdict === 'broken').map(({ id }) => id)).toEqual([
      mutant.breaks,
    ])
    expect(result.set).toEqual(mutant.set)
    expect(
      result.claims.find(({ id }) => id === mutant.breaks)?.reason,
      'its reason says what to try',
    ).toMatch(/try: {2}\S/)
  })
}
