import type { Capability, RunningEnvironment } from '../environments/contract.ts'
import type { ClaimRow } from './claim-row.ts'

/** What an environment lets claims do and see, as far as claims are decided by it. */
export type Abilities = Pick<RunningEnvironment, 'capabilities' | 'lacks'>

const inWords: Readonly<Record<Capability, string>> = {
  metrics: 'no metrics are kept here',
  logs: 'no logs are kept here',
  traces: 'no traces are kept here',
  alerts: 'no alerts are routed here',
  traffic: 'no request may be sent to the apps here',
  'sole-traffic': 'others send requests to the apps here, so counts cannot be compared',
  'app-faults': 'no fault may be made in an app here',
  'written-logs': 'no line may be written into the logs of apps here',
  'stack-faults': 'this environment cannot break its own stack',
  notifications: 'no alert receiver of ours is at the end of the routes here',
  'naive-routing': 'there is no Alertmanager without grouping and inhibition to compare with here',
  kubernetes: 'there is no cluster here',
  grafana: 'there is no Grafana here: its panels are run without it',
  'cluster-changes': 'no object of the cluster may be changed here',
}

/** Why a claim cannot be judged in an environment, whatever the stack does; undefined where it can be. */
export function whyNotHere(
  { requires = [] }: Pick<ClaimRow, 'requires'>,
  { capabilities, lacks = {} }: Abilities,
): string | undefined {
  const missing = requires.find((name) => !capabilities.includes(name))
  return missing === undefined ? undefined : (lacks[missing] ?? inWords[missing])
}
