/** How k6 says by its exit code why it ended: errext/exitcodes of k6 v2.2.0. */

/** The run went to its end, or to where a threshold was broken: all else says nothing about the system. */
export const thresholdsBroken = 99

const meanings: Readonly<Record<number, string>> = {
  97: 'a cloud run failed',
  98: 'a cloud run could not be followed',
  100: 'the setup of the script took too long',
  101: 'the teardown of the script took too long',
  102: 'it ran into a time limit of its own',
  103: 'it was stopped by its REST address',
  104: 'the options of the script are not valid',
  105: 'a signal ended it',
  106: 'its REST address could not be opened',
  107: 'script exception',
  108: 'the script aborted the run',
  109: 'k6 itself crashed',
  110: 'the script marked the run as failed',
}

/** @returns why nothing can be concluded from a run that ended so; undefined where something can */
export function describeExit(exitCode: number): string | undefined {
  if (exitCode === 0 || exitCode === thresholdsBroken) return undefined
  return `${meanings[exitCode] ?? 'k6 ended in a way that it does not describe'} (exit code ${exitCode})`
}
