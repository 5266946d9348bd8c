/**
 * Takes every step, one after the other, also after one that failed: what cannot be ended must not keep the rest from it.
 * @throws what the first one that failed threw, when all were taken
 */
export async function endEach(steps: readonly (() => unknown)[]): Promise<void> {
  const failures: unknown[] = []
  for (const step of steps) {
    try {
      await step()
    } catch (thrown) {
      failures.push(thrown)
    }
  }
  if (failures.length > 0) throw failures[0]
}
