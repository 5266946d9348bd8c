import {
  claim,
  clusterOf,
  expect,
  parseYamlAnswer,
  ruleFilesIn,
  wrongRulerMounts,
} from '../../harness/test.ts'

/** Loki's ruler reads three places that look alike: were two of them one, its rules would load for nobody, or be emptied. */

claim('logs.ruler-mounts', async ({ run, looked }) => {
  const cluster = await clusterOf(run)
  const loki = await cluster.workloadOf('loki')
  const rules = ruleFilesIn(await cluster.mountedConfigMaps(loki))
  const configuration = parseYamlAnswer(await run.loki.configYaml())
  looked()
  expect(
    wrongRulerMounts(
      loki,
      configuration,
      rules.map(({ configMap }) => configMap.metadata.name),
    ),
    'mounts of the ruler that are not as it needs them',
  ).toEqual([])
})
