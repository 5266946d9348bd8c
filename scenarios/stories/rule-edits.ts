import {
  addRule,
  answerMs,
  type Cluster,
  clusterOf,
  endMs,
  epochMs,
  eventually,
  findAlertingRule,
  found,
  notYet,
  parseRfc3339Ms,
  type Run,
  ruleFilesIn,
  serviceUpdateMs,
  startMs,
  story,
  unreadyWorkloads,
  type Workload,
  workloadStates,
} from '../../harness/test.ts'

/** A rule is added to the rules that each ruler mounts, is rolled out as a deploy does it, and is taken out again. */

const addedAlert = 'SignalproofRuleEdit'

export interface SeenEdit {
  readonly ruler: string
  readonly rolledOutMs: number
  /** From the edit to the first evaluation of the new rule. */
  readonly evaluatedMs: number
}

export const ruleEdits = story('rule edits', async (run: Run): Promise<SeenEdit[]> => {
  const cluster = await clusterOf(run)
  // Nobody counts what happens meanwhile: the cores are for the pods that start.
  const edits = await run.traffic.whileQuiet(() =>
    Promise.allSettled([
      editRules(run, cluster, 'prometheus', run.seed.alertsInGit.metrics),
      editRules(run, cluster, 'loki', run.seed.alertsInGit.logs),
    ]),
  )
  // Both are put back before one of them is judged.
  return edits.map((edit) => {
    if (edit.status === 'rejected') throw edit.reason
    return edit.value
  })
})

async function editRules(
  run: Run,
  cluster: Cluster,
  ruler: 'prometheus' | 'loki',
  alerts: readonly string[],
): Promise<SeenEdit> {
  const workload = await cluster.workloadOf(ruler)
  const files = ruleFilesIn(await cluster.mountedConfigMaps(workload))
  const file = files.find(({ text }) => alerts.some((alert) => text.includes(`alert: ${alert}`)))
  if (file === undefined) throw new Error(`expected a ConfigMap of ${ruler} with rules, seen: none`)
  const { rules, rulerPollMs } = await run.timings()
  const intervalMs = Math.max(
    ...rules
      .filter(({ signal }) => signal === (ruler === 'loki' ? 'logs' : 'metrics'))
      .map(({ evaluationIntervalMs }) => evaluationIntervalMs),
  )
  const editedAt = epochMs()
  const edit = await addRule(cluster, workload, file, addedAlert, `${intervalMs}ms`)
  try {
    await rolledOut(run, cluster, workload)
    const rolledOutMs = epochMs() - editedAt
    const evaluatedAt = await evaluated(run, ruler, editedAt, serviceUpdateMs + rulerPollMs + intervalMs)
    return { ruler, rolledOutMs, evaluatedMs: evaluatedAt - editedAt }
  } finally {
    await edit.undo()
    await rolledOut(run, cluster, workload)
    await withoutRule(run, ruler, serviceUpdateMs + rulerPollMs)
  }
}

async function rolledOut(run: Run, cluster: Cluster, workload: Workload): Promise<void> {
  const { spec, metadata } = workload
  await eventually(
    `${metadata.name} rolled out`,
    async () => {
      const own = [workload]
      const unready = unreadyWorkloads(own, await workloadStates(cluster, own), { mayBeOff: false })
      return unready.length === 0 ? found(own) : notYet(unready.map(({ reason }) => reason).join('; '))
    },
    {
      withinMs: endMs(spec.template) + startMs(spec.template),
      remedy: `kubectl -n ${metadata.namespace} describe pods`,
      signal: run.signal,
      everyMs: 200,
    },
  )
}

const rulesOf = (run: Run, ruler: 'prometheus' | 'loki', signal: AbortSignal) =>
  ruler === 'loki' ? run.loki.ruleGroups(signal) : run.prometheus.ruleGroups(signal)

/** The moment of the first evaluation that is seen, as the ruler says it. */
async function evaluated(
  run: Run,
  ruler: 'prometheus' | 'loki',
  editedAt: number,
  worstCaseMs: number,
): Promise<number> {
  const { value } = await eventually(
    `${addedAlert} evaluated by ${ruler}`,
    async (signal) => {
      const groups = await rulesOf(run, ruler, signal)
      const rule = findAlertingRule(groups, addedAlert)?.rule
      if (rule === undefined)
        return notYet(`it is not loaded; groups: ${groups.map(({ name }) => name).join(', ') || 'none'}`)
      const at = parseRfc3339Ms(rule.lastEvaluation)
      return rule.health === 'ok' && at > editedAt ? found(at) : notYet(`its health is ${rule.health}`)
    },
    {
      withinMs: worstCaseMs + answerMs,
      remedy: 'does the pod mount the ConfigMap that was edited?',
      signal: run.signal,
    },
  )
  return value
}

async function withoutRule(run: Run, ruler: 'prometheus' | 'loki', worstCaseMs: number): Promise<void> {
  await eventually(
    `${ruler} with the rules that it had`,
    async (signal) => {
      const groups = await rulesOf(run, ruler, signal)
      return groups.length > 0 && findAlertingRule(groups, addedAlert) === undefined
        ? found(groups)
        : notYet(`groups: ${groups.map(({ name }) => name).join(', ') || 'none'}`)
    },
    {
      withinMs: worstCaseMs + answerMs,
      remedy: 'on a kept cluster `signalproof up --env k3s` puts the rules back',
      signal: run.signal,
    },
  )
}
