import { expect, test } from 'vitest'
import { judgeDocker } from './docker-tests.ts'

const daemon = { version: '28.1.1', socket: '/var/run/docker.sock' }
const none = { seen: 'no daemon answers at /var/run/docker.sock', remedy: 'systemctl start docker' }
const names = ['docker', 'layers on k3s']

test('where Docker answers everything is run, whether or not it is required', () => {
  expect(judgeDocker(daemon, {}, names)).toEqual({ run: true })
  expect(judgeDocker(daemon, { SIGNALPROOF_REQUIRE: 'k3s' }, names)).toEqual({ run: true })
})

test('without it one line says what is not run, why, and what to do', () => {
  const { run, notRun, failure } = judgeDocker(none, { SIGNALPROOF_REQUIRE: '' }, names)
  expect({ run, failure }).toEqual({ run: false, failure: undefined })
  expect(notRun).toBe(
    'not run: docker, layers on k3s (no daemon answers at /var/run/docker.sock; to run them: systemctl start docker)',
  )
  expect(notRun).not.toContain('\n')
})

test('where it is required, what is not run is a failure', () => {
  expect(judgeDocker(none, { SIGNALPROOF_REQUIRE: 'k3s' }, names)).toEqual({
    run: false,
    failure: {
      name: 'docker, layers on k3s',
      counts: { passed: 0, failed: 1, skipped: 0 },
      problems: [expect.stringContaining('SIGNALPROOF_REQUIRE=k3s asks; seen: no daemon answers')],
      failures: [],
    },
  })
})

test('what is required by another name is a failure, too: it would be required of nobody', () => {
  expect(judgeDocker(daemon, { SIGNALPROOF_REQUIRE: 'docker' }, names)).toMatchObject({
    run: false,
    failure: { problems: ['expected SIGNALPROOF_REQUIRE to be k3s or not set; seen "docker"'] },
  })
})
