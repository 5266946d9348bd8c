import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { SettingsError } from '../../node-service/src/service-settings.ts'

const idText = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'expected 1 to 64 of a-z, 0-9 and -, and not - first')
const nameText = z.string().trim().min(1, 'expected a name')

const clinic = z
  .object({
    valid_from: z.iso.date('expected a day, YYYY-MM-DD'),
    valid_until: z.iso.date('expected a day, YYYY-MM-DD'),
    units: z.array(z.object({ id: idText, name: nameText })).min(1, 'expected at least one unit'),
    professionals: z
      .array(z.object({ id: idText, name: nameText, specialty: z.string() }))
      .min(1, 'expected at least one professional'),
  })
  .superRefine(({ valid_from, valid_until, units, professionals }, context) => {
    const refuse = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message })
    if (valid_until < valid_from) refuse(['valid_until'], `expected no day before valid_from, ${valid_from}`)
    for (const [list, entries] of Object.entries({ units, professionals })) {
      const seen = new Set<string>()
      for (const [index, entry] of entries.entries()) {
        if (seen.has(entry.id)) refuse([list, index, 'id'], `expected each id once; ${entry.id} came before`)
        seen.add(entry.id)
      }
    }
  })

/** What the page offers to choose from: the part of the APIs' data file that a form needs. */
export type Clinic = z.infer<typeof clinic>

/**
 * Reads the data file that the APIs read too, so that the page offers the professionals whom they know. Without the
 * variable there is none, and the form takes ids as text.
 * @throws SettingsError with the file, the place in it and what to try
 */
export async function readClinic(env: NodeJS.ProcessEnv): Promise<Clinic | undefined> {
  const file = env.SCHEDULE_DATA_FILE
  if (!file) return undefined
  const refuse = (seen: string) =>
    new SettingsError(
      `SCHEDULE_DATA_FILE: expected the clinic's data as the APIs read it, in ${file}; seen ${seen}; ` +
        'try apps/contract/schedules.json, or leave the variable out to have ids typed in',
    )
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (thrown) {
    throw refuse(`no readable file (${(thrown as NodeJS.ErrnoException).code})`)
  }
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (thrown) {
    throw refuse(`no JSON (${(thrown as Error).message})`)
  }
  const parsed = clinic.safeParse(data)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw refuse(`${z.core.toDotPath(issue?.path ?? []) || 'the whole file'}: ${issue?.message}`)
}

/** What a unit is called; its id where nobody knows its name. */
export function unitName(clinic: Clinic | undefined, unitId: string): string {
  return clinic?.units.find(({ id }) => id === unitId)?.name ?? unitId
}
