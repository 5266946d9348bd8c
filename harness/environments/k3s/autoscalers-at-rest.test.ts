import { expect, test } from 'vitest'
import { autoscalersAtRest } from './autoscalers-at-rest.ts'

/** An API whose autoscaler has these numbers of pods, one a look; the last one stays. */
function apiDouble(...counts: readonly (readonly [current: number, desired: number])[]) {
  let looks = 0
  const list = async () => {
    const [currentReplicas, desiredReplicas] = counts[Math.min(looks++, counts.length - 1)] ?? [0, 0]
    return [
      {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'api', namespace: 'apps' },
        spec: { minReplicas: 1 },
        ...(currentReplicas === 0 ? {} : { status: { currentReplicas, desiredReplicas } }),
      },
    ]
  }
  return { list } as unknown as Parameters<typeof autoscalersAtRest>[0]
}

test.each([
  ['one that keeps its least', [[1, 1]], false],
  ['one that has not looked yet', [[0, 0]], false],
  [
    'one that lets go',
    [
      [3, 3],
      [3, 1],
      [1, 1],
    ],
    true,
  ],
  [
    'one that is about to make more',
    [
      [1, 2],
      [1, 1],
    ],
    true,
  ],
] as const)('%s is at rest', async (_, counts, waited) => {
  expect(await autoscalersAtRest(apiDouble(...counts), [{ namespace: 'apps' }])).toBe(waited)
})

test('one that keeps its pods is named with what it has and wants', async () => {
  await expect(
    autoscalersAtRest(apiDouble([3, 2]), [{ namespace: 'apps' }], { withinMs: 30 }),
  ).rejects.toMatchObject({
    code: 'WAIT_TIMEOUT',
    account: { seen: expect.stringContaining('api has 3 pods and wants 2, at rest 1') },
  })
})
