import { defineConfig } from 'vitest/config'
import { scenarioProject } from './harness/scenario-project.ts'
import { SignalproofReporter } from './harness/vitest-reporter.ts'

export default defineConfig({
  test: {
    passWithNoTests: false,
    allowOnly: false,
    reporters: ['default', new SignalproofReporter()],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['harness/**/*.test.ts', 'apps/**/*.test.ts', 'tools/**/*.test.ts'],
          exclude: [
            '**/node_modules/**',
            'tools/package.test.ts',
            'harness/drill/mutants.test.ts',
            'harness/drill/ends.test.ts',
          ],
        },
      },
      { test: { name: 'package', include: ['tools/package.test.ts'], testTimeout: 300_000 } },
      {
        test: {
          name: 'drill',
          include: ['harness/drill/mutants.test.ts', 'harness/drill/ends.test.ts'],
          testTimeout: 180_000,
          fileParallelism: false,
        },
      },
      scenarioProject(),
    ],
  },
})
