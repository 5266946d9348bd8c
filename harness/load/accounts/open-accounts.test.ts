import { expect, test } from 'vitest'
import { SignalproofError } from '../../core/signalproof-error.ts'
import type { Place } from './account-figures.ts'
import { openAccounts } from './open-accounts.ts'
import { answersDouble, routeDouble, type StackDouble, stackDouble } from './stack-double.ts'

/** Everybody counts so many requests more. */
function count(stack: StackDouble, more: number): void {
  for (const place of ['ingress', 'app', 'prometheus', 'loki'] as const) stack.counts[place] += more
}

const open = (stack: StackDouble) => openAccounts(stack.sources, [routeDouble])

test('what was counted before is nobody’s, and what everybody counted is balanced', async () => {
  const stack = stackDouble()
  const accounts = await open(stack)
  count(stack, 40)
  const closed = await accounts.close(answersDouble(40))
  expect(closed.balance.partedAt).toBeNull()
  expect(closed.balance.requests).toBe(40)
  expect(closed.drainedMs).not.toBeNull()
  for (const place of ['client', 'ingress', 'app', 'prometheus', 'loki'] as const) {
    expect(closed.accounts[place], place).toMatchObject([{ app: 'api', status: 200, count: 40 }])
  }
})

test('what comes later is waited for', async () => {
  const stack = stackDouble({ scrapedMs: 600, storedMs: 100 })
  const accounts = await open(stack)
  count(stack, 40)
  stack.counts.loki -= 3
  stack.counts.prometheus -= 2
  let looks = 0
  stack.onLook = () => {
    looks += 1
    if (looks === 2) Object.assign(stack.counts, { loki: 45, prometheus: 45 })
  }
  const closed = await accounts.close(answersDouble(40))
  expect(closed.balance.partedAt).toBeNull()
  expect(closed.drainedMs).toBeGreaterThan(200)
})

test.each<[Exclude<Place, 'client'>]>([['ingress'], ['app'], ['prometheus'], ['loki']])(
  '%s never has everything: the last look says so',
  async (place) => {
    const stack = stackDouble()
    const accounts = await open(stack)
    count(stack, 40)
    stack.counts[place] -= 1
    const closed = await accounts.close(answersDouble(40))
    expect(closed.balance.partedAt).toMatchObject({ place })
    expect(closed.drainedMs).toBeNull()
  },
)

test('a line that comes twice comes after everything was there', async () => {
  const stack = stackDouble({ scrapedMs: 100, storedMs: 600 })
  const accounts = await open(stack)
  count(stack, 40)
  let looks = 0
  stack.onLook = () => {
    looks += 1
    if (looks === 3) stack.counts.loki += 1
  }
  const { balance } = await accounts.close(answersDouble(40))
  expect(balance.partedAt?.words).toEqual(['api: GET /v1 200: Prometheus has 40, Loki 41: 1 more'])
})

test('an app that was started again has lost what it had counted', async () => {
  const stack = stackDouble()
  const accounts = await open(stack)
  count(stack, 40)
  stack.counts.app = 3
  const { balance } = await accounts.close(answersDouble(40))
  expect(balance.partedAt?.words[0]).toBe('api: GET 200: the ingress has 40, the app 3: 37 fewer')
})

test('a place that does not answer has no account: that is no balance', async () => {
  const stack = stackDouble()
  const accounts = await open(stack)
  count(stack, 40)
  stack.onLook = () => {
    throw new SignalproofError('BACKEND_UNREACHABLE', {
      expected: 'api',
      seen: 'refused',
      remedy: 'start it',
    })
  }
  await expect(accounts.close(answersDouble(40))).rejects.toThrow(/WAIT_TIMEOUT[\s\S]*refused/)
})

test('a place that stops to answer while the balance is held is no balance either', async () => {
  const stack = stackDouble({ scrapedMs: 100, storedMs: 600 })
  const accounts = await open(stack)
  count(stack, 40)
  let looks = 0
  stack.onLook = () => {
    looks += 1
    if (looks < 3) return
    throw new SignalproofError('BACKEND_UNREACHABLE', {
      expected: 'api',
      seen: 'refused',
      remedy: 'start it',
    })
  }
  await expect(accounts.close(answersDouble(40))).rejects.toThrow(/HOLD_BROKEN[\s\S]*refused/)
})

test('targets that are not scraped hold the begin up for their deadline only: the end judges them', async () => {
  const stack = stackDouble()
  stack.scraped = false
  const startedAt = performance.now()
  await open(stack)
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(59)
})

test('routes that cannot be told apart are refused before anything is sent', async () => {
  const stack = stackDouble()
  const [api] = stack.sources.config.apps
  const cause = { app: 'other', method: 'GET', route: '/x', status: 200 }
  const good = [
    ...(api?.good ?? []),
    { method: 'GET' as const, path: '/v1', route: '/v1', status: 200, causes: [cause] },
  ]
  const config = { ...stack.sources.config, apps: [{ ...(api as NonNullable<typeof api>), good }] }
  await expect(
    openAccounts({ ...stack.sources, config }, [routeDouble, { ...routeDouble, path: '/v1' }]),
  ).rejects.toThrow(/CONFIG_INVALID/)
})
