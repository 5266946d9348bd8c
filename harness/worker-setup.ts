import { afterAll, inject } from 'vitest'
import { workerRun } from './claims/worker-run.ts'

/**
 * Runs before each scenario file of a worker; the first time it reads all of them ahead and starts the claims. The query
 * makes each a module of its own, so that Vitest evaluates the file again when it collects the file's tests.
 */
await workerRun.prepare(
  inject('signalproof'),
  inject('signalproofSelection'),
  (file) => import(/* @vite-ignore */ `${file}?claims`),
)

// Claims run across files, so a file's own tests may be done long before the run is.
afterAll(() => workerRun.ended())
