import { defineConfig } from 'vitest/config'
import { scenarioProjects } from './harness/scenario-project.ts'
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
            'tools/readme/literal-commands.test.ts',
            'harness/drill/mutants.test.ts',
            'harness/drill/ends.test.ts',
            'harness/drill/load-runs.test.ts',
            'harness/drill/cluster-mutants.test.ts',
            'harness/drill/cluster-runs.test.ts',
            'harness/rules/wrong-edits.test.ts',
            'tools/api-agreement/agreement.test.ts',
            'tools/sloth-agreement/sloth.test.ts',
            '**/*.browser.test.ts',
            '**/*.docker.test.ts',
            '**/*.k6.test.ts',
            'harness/slo/live/burn-rates.test.ts',
          ],
        },
      },
      {
        test: {
          name: 'browser',
          include: ['apps/**/*.browser.test.ts', 'harness/**/*.browser.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'docker',
          include: ['harness/**/*.docker.test.ts'],
          testTimeout: 120_000,
          // A node that runs is removed in them.
          hookTimeout: 120_000,
        },
      },
      { test: { name: 'k6', include: ['harness/**/*.k6.test.ts'], testTimeout: 120_000 } },
      { test: { name: 'agreement', include: ['tools/api-agreement/agreement.test.ts'] } },
      {
        test: { name: 'sloth', include: ['tools/sloth-agreement/sloth.test.ts'], testTimeout: 120_000 },
      },
      {
        test: {
          name: 'package',
          include: ['tools/package.test.ts', 'tools/readme/literal-commands.test.ts'],
          testTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'wrong-edits',
          include: ['harness/rules/wrong-edits.test.ts'],
          testTimeout: 120_000,
          maxConcurrency: 3,
        },
      },
      // A window of good traffic, one of errors, and what comes after them, by the clock.
      {
        test: { name: 'burn-rates', include: ['harness/slo/live/burn-rates.test.ts'], testTimeout: 300_000 },
      },
      {
        test: {
          name: 'drill',
          include: [
            'harness/drill/mutants.test.ts',
            'harness/drill/ends.test.ts',
            'harness/drill/load-runs.test.ts',
          ],
          testTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'k3s-drill',
          include: ['harness/drill/cluster-runs.test.ts', 'harness/drill/cluster-mutants.test.ts'],
          testTimeout: 600_000,
          fileParallelism: false,
        },
      },
      ...scenarioProjects(),
    ],
  },
})
