import { readFileSync } from 'node:fs'
import { z } from 'zod'

const data = z.object({
  valid_from: z.iso.date(),
  valid_until: z.iso.date(),
  units: z.array(z.object({ id: z.string() })).min(1),
  professionals: z.array(z.object({ id: z.string() })).min(1),
})

/** What a right question can be made of. */
export interface ClinicData {
  readonly professionals: readonly string[]
  readonly units: readonly string[]
  /** First and last day of the period that the data file has. */
  readonly from: string
  readonly until: string
}

export function readClinicData(file: string): ClinicData {
  const { professionals, units, valid_from, valid_until } = data.parse(JSON.parse(readFileSync(file, 'utf8')))
  const ids = (entries: readonly { readonly id: string }[]) => entries.map(({ id }) => id)
  return { professionals: ids(professionals), units: ids(units), from: valid_from, until: valid_until }
}
