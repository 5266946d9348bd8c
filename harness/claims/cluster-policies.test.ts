import { expect, test } from 'vitest'
import { lacksEnforcement, type PolicyTrial, tryPolicies } from './cluster-policies.ts'

/** A node on which `closed` says which connections fail, by whether the policies are in force. */
function trialDouble(closed: (enforced: boolean, everEnforced: boolean) => readonly string[]) {
  const steps: string[] = []
  let enforced = false
  let everEnforced = false
  const connections = ['to loki', 'to prometheus']
  const trial: PolicyTrial = {
    connections,
    open: async () => connections.filter((name) => !closed(enforced, everEnforced).includes(name)),
    enforce: async () => {
      steps.push('enforce')
      enforced = true
      everEnforced = true
    },
    lift: async () => {
      steps.push('lift')
      enforced = false
    },
  }
  return { trial, steps }
}
const wait = { withinMs: 20, signal: new AbortController().signal, onLook: () => {} }

test('a denial counts when the same connections succeed before it and after it', async () => {
  const { trial, steps } = trialDouble((enforced) => (enforced ? ['to loki', 'to prometheus'] : []))
  expect(await tryPolicies(trial, wait)).toEqual({ kind: 'enforced' })
  expect(steps).toEqual(['lift', 'enforce', 'lift'])
})

test('where nothing enforces, every connection stays open', async () => {
  const { trial, steps } = trialDouble(() => [])
  expect(await tryPolicies(trial, wait)).toEqual({ kind: 'not-enforced', open: ['to loki', 'to prometheus'] })
  expect(steps.at(-1)).toBe('lift')
})

test('a node that brings what enforces policies has no excuse', () => {
  const open = { kind: 'not-enforced', open: ['to loki'] } as const
  expect([lacksEnforcement(open, 'k3s'), lacksEnforcement(open, 'kubernetes')]).toEqual([false, true])
  expect(lacksEnforcement(open, undefined)).toBe(true)
  expect(lacksEnforcement({ kind: 'never-open', closed: ['to loki'] }, 'kubernetes')).toBe(false)
})

test('one connection that the policies let through is named', async () => {
  const { trial } = trialDouble((enforced) => (enforced ? ['to loki'] : []))
  expect(await tryPolicies(trial, wait)).toEqual({ kind: 'not-enforced', open: ['to prometheus'] })
})

test('a connection that never worked proves nothing by being denied', async () => {
  const { trial, steps } = trialDouble((enforced) => (enforced ? ['to loki', 'to prometheus'] : ['to loki']))
  expect(await tryPolicies(trial, wait)).toEqual({ kind: 'never-open', closed: ['to loki'] })
  expect(steps).toEqual(['lift'])
})

test('one that stays closed without the policies was denied by something else', async () => {
  const { trial } = trialDouble((enforced, ever) =>
    enforced ? ['to loki', 'to prometheus'] : ever ? ['to loki'] : [],
  )
  expect(await tryPolicies(trial, wait)).toEqual({ kind: 'still-closed', closed: ['to loki'] })
})

test('a try that fails for another reason ends it', async () => {
  const { trial } = trialDouble(() => [])
  const broken = { ...trial, open: () => Promise.reject(new Error('the probe is gone')) }
  await expect(tryPolicies(broken, wait)).rejects.toThrow('the probe is gone')
})
