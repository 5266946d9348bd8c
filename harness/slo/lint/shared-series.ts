import { readCounterSelector } from '../counter-selector.ts'

/**
 * Whether two selectors may match one series: they do, unless they name different metrics or ask one label to equal
 * different values. Patterns are not compared: they may overlap.
 */
export function mayShareSeries(one: string, other: string): boolean {
  const [a, b] = [readCounterSelector(one), readCounterSelector(other)]
  if (a === undefined || b === undefined || a.metric !== b.metric) return false
  return Object.entries(a.equalities).every(([label, value]) => {
    const asked = b.equalities[label]
    // Buckets count upwards: a slower request is in none of the smaller ones, whichever edge is asked for.
    return label === 'le' || asked === undefined || asked === value
  })
}
