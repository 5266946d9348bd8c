import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import { scenarioProjectName } from './vitest-reporter.ts'

/** The Vitest project in which tests are claims; `signalproof verify` and a repository's own vitest.config.ts use it alike. */
export function scenarioProject(
  include: readonly string[] = ['scenarios/**/*.test.ts'],
): TestProjectInlineConfiguration {
  const beside = (name: string) =>
    fileURLToPath(new URL(`./${name}${extname(fileURLToPath(import.meta.url))}`, import.meta.url))
  return {
    test: {
      name: scenarioProjectName,
      include: [...include],
      globalSetup: [beside('global-setup')],
      setupFiles: [beside('worker-setup')],
      // One worker whose files share the run; a thread, so that it cannot outlive the process.
      pool: 'threads',
      isolate: false,
      fileParallelism: false,
      // Every wait inside a claim has a deadline of its own, computed from the configuration.
      testTimeout: 0,
      hookTimeout: 0,
      retry: 0,
    },
  }
}
