import type { SignalproofError } from '../core/signalproof-error.ts'
import { stackComponents } from '../toolchain/pins.ts'
import { checkClusterComponents } from './cluster-components.ts'
import {
  costOfMissing,
  type ExaminedComponent,
  examineComponents,
  lookForComponents,
  mayBeCompiled,
} from './components.ts'
import { checkDocker } from './docker.ts'
import { type Check, type Cost, type DoctorReport, doctorReport } from './doctor-report.ts'
import { checkCluster, checkPorts } from './environments.ts'
import { askGoProxy } from './go-proxy.ts'
import { checkGo, checkNode, checkNpm, checkProject, checkPython } from './needed-tools.ts'
import type { Reached } from './reachability.ts'
import { checkCacheFolder, checkDisk } from './storage.ts'
import type { Surroundings } from './surroundings.ts'
import { checkMemory, checkUsefulTools } from './useful-tools.ts'

/** Looks at everything at once, changes nothing, and says whether `make verify` can run here and what it would take. */
export async function examine(surroundings: Surroundings): Promise<DoctorReport> {
  const looking = lookForComponents(stackComponents, surroundings)
  const [looked, go, python, ports, docker, cluster] = await Promise.all([
    looking,
    looking.then((found) => checkGo(surroundings, mayBeCompiled(found))),
    checkPython(surroundings),
    checkPorts(),
    checkDocker(surroundings),
    checkCluster(surroundings),
  ])
  const means = { go: go.usable, pip: python.hasPip }
  const [components, ofCluster] = await Promise.all([
    examineComponents(looked, surroundings, means),
    checkClusterComponents(surroundings, means),
  ])
  const missing = costOfMissing(components)
  const disk = await checkDisk(surroundings, missing)
  const checks = [
    checkProject(surroundings),
    checkNode(surroundings),
    checkNpm(surroundings),
    go.check,
    python.check,
    checkMemory(),
    ports,
    checkCacheFolder(surroundings),
    disk.check,
    ...checkUsefulTools(surroundings),
    ...docker,
    ofCluster.check,
    cluster,
  ]
  const cost = { ...missing, freeMegabytes: disk.freeMegabytes }
  return doctorReport.parse({
    schemaVersion: 1,
    ...judge(checks, components, cost),
    platform: surroundings.settings.platform,
    cacheFolder: surroundings.settings.cacheRoot,
    checks,
    components: components.map(({ report }) => report),
    clusterComponents: ofCluster.reports,
    cost,
    network: surroundings.asksNetwork ? await askNetwork(surroundings, components) : null,
  } satisfies DoctorReport)
}

async function askNetwork(
  surroundings: Surroundings,
  components: readonly ExaminedComponent[],
): Promise<Reached[]> {
  const archives = components.flatMap(({ asked }) => asked ?? [])
  const [compiled] = components.flatMap(({ report, compile }) =>
    report.state === 'build' && compile?.from === 'go-module' ? [compile] : [],
  )
  return [...archives, ...(compiled === undefined ? [] : await askGoProxy(surroundings, compiled))]
}

/** The report where not even the settings can be read: what is wrong with them comes before all else. */
export function reportBadSettings({ account }: SignalproofError): DoctorReport {
  const { where, expected, seen, remedy } = account
  const wrong: Check = {
    name: 'settings',
    area: 'needed',
    state: 'blocking',
    seen: `${where === undefined ? '' : `${where}: `}${seen}; expected ${expected}`,
    remedy,
  }
  const none = {
    platform: `${process.platform}-${process.arch}`,
    cacheFolder: null,
    cost: null,
    network: null,
    components: [],
    clusterComponents: [],
  }
  return { schemaVersion: 1, ...none, ...judge([wrong], []), checks: [wrong] }
}

function judge(
  checks: readonly Check[],
  components: readonly ExaminedComponent[],
  cost?: Cost,
): Pick<DoctorReport, 'verdict' | 'summary' | 'first'> {
  // What cannot be made for want of a tool is no matter of its own.
  const unavailable = components.flatMap(({ report, lacks }) =>
    report.state === 'unavailable' && lacks === undefined ? [`${report.name}: ${report.remedy}`] : [],
  )
  const blockers = [
    ...checks.filter(({ state }) => state === 'blocking').map(({ remedy }) => `${remedy}`),
    ...unavailable,
  ]
  if (blockers.length > 0) {
    const count = blockers.length === 1 ? 'one thing is' : `${blockers.length} things are`
    return {
      verdict: 'not-ready',
      summary: `make verify cannot run here yet: ${count} in the way`,
      first: blockers[0] ?? null,
    }
  }
  if (components.every(({ report }) => report.state === 'present'))
    return { verdict: 'ready', summary: 'make verify can run here', first: null }
  return {
    verdict: 'ready-after-install',
    summary: `make verify can run here; the first run also installs${cost === undefined ? '' : `, ${describeTime(cost)}`}`,
    first: null,
  }
}

function describeTime({ atLeastSeconds, atMostSeconds, cores, measuredOnCores }: Cost): string {
  const scaled = (seconds: number) =>
    Math.round((seconds * measuredOnCores) / Math.max(measuredOnCores, cores) / 60)
  const [least, most] = [scaled(atLeastSeconds), scaled(atMostSeconds)]
  if (most === 0) return 'by downloads only'
  const span =
    least === most
      ? `about ${most} min`
      : `${least === 0 ? 'by download, or up to' : `about ${least} to`} ${most} min`
  return `${span} on ${cores} cores`
}
