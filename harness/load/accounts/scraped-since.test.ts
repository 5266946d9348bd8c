import { expect, test } from 'vitest'
import { scrapedSince } from './scraped-since.ts'
import { stackDouble } from './stack-double.ts'

test('targets that were not scraped since are named, and none at all is not enough', async () => {
  const { sources } = stackDouble()
  const scraped = (prometheus: Partial<typeof sources.prometheus>, momentMs: number) =>
    scrapedSince({ ...sources, prometheus: { ...sources.prometheus, ...prometheus } }, momentMs)
  await expect(scraped({}, 0)).resolves.toBeUndefined()
  await expect(scraped({}, Number.MAX_SAFE_INTEGER)).rejects.toThrow(/api-0 not scraped since/)
  await expect(scraped({ targets: async () => [] }, 0)).rejects.toThrow(/no target of an app/)
  const down = async (query: string) => (query.includes('== 1') ? [] : sources.prometheus.query(query))
  await expect(scraped({ query: down }, 0)).rejects.toThrow(/api-0 not scraped since/)
})
