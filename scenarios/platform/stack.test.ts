import { answerMs, askIngress, askPlain, claim, expect, formatMs, found, notYet } from '../../harness/test.ts'

claim('platform.components-ready', async ({ run, note, looked }) => {
  const { readyAt } = await run.started()
  looked()
  note(
    `ready ${formatMs(readyAt - run.environment.startedAt)} after the command began${run.environment.kept ? ', in a kept environment' : ''}`,
  )
})

claim('platform.ingress-routes', async ({ run, within }) => {
  for (const app of run.config.apps) {
    for (const exercise of app.good) {
      // A route may take a moment longer than the ingress and the app need to be ready.
      const { body } = await within(
        `${exercise.path} answered with ${exercise.status} through the ingress`,
        async () => {
          const answer = await run.traffic.request(app.name, exercise)
          return answer.status === exercise.status ? found(answer) : notYet(`status ${answer.status}`)
        },
        { worstCaseMs: 0, allowanceMs: answerMs },
      )
      expect(body, `the answer of ${app.name}`).toBeTruthy()
    }
  }
  for (const app of run.config.apps) {
    const counted = await run.countedSinceStart(app.name)
    for (const { method, route, status } of app.good) {
      expect(
        counted.get(`${method} ${route} ${status}`) ?? 0,
        `${app.name} itself counted ${route}`,
      ).toBeGreaterThan(0)
    }
  }
  const stranger = await askIngress(run, '/', 'another.example')
  expect(stranger.status, 'the answer for a host that has no ingress').toBe(404)
})

claim('platform.fault-switches-hidden', async ({ run, looked }) => {
  const switches = run.environment.apps.flatMap(({ name, faultSwitch }) =>
    faultSwitch === null ? [] : [{ name, faultSwitch }],
  )
  expect(switches.length, 'apps with a fault switch').toBeGreaterThan(0)
  for (const { name, faultSwitch } of switches) {
    looked()
    const without = await askPlain(name, `${faultSwitch}/faults`)
    expect(without.status, `${name}'s fault switch, asked without its token`).toBe(401)
  }
  const headers = { Authorization: `Bearer ${run.environment.faultToken}` }
  for (const app of run.config.apps) {
    // With the token, so that a refusal for its absence cannot pass for absence of the switch.
    const path =
      `${new URL(app.good[0]?.path ?? '/', 'http://any').pathname.split('/').slice(0, 2).join('/')}/faults`.replace(
        '//',
        '/',
      )
    const { status } = await run.traffic.request(
      app.name,
      { method: 'GET', path, route: '<unmatched>', status: 404, causes: [] },
      headers,
    )
    looked()
    expect(status, `the answer for ${path} through the ingress`).toBe(404)
  }
})
