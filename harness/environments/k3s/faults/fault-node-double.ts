/** A node of a test's own: a PATH of stand-ins that write down how they were called, and a shell of this machine. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { writeProgram } from '../../../toolchain/toolchain-doubles.ts'
import type { NodeCommands } from './cluster-stack-faults.ts'

export interface FaultNode extends NodeCommands, AsyncDisposable {
  /** Where faults lie in it. */
  readonly faults: string
  /** What the stand-ins were asked to change since the last question, one line each. */
  calls(): string[]
  /** Puts another answer in the place of a stand-in's. */
  replace(name: string, script: string): Promise<void>
}

/** One pod of each workload, with one container that runs; ctr knows which are paused. */
const answers: Readonly<Record<string, string>> = {
  kubectl: `case "$*" in
    *'get service'*) echo 10.43.7.7 ;;
    *'containerStatuses'*) echo containerd://c1 ;;
    *annotations*) echo 'pod-a true'; echo 'pod-b' ;;
    *'get pods'*) echo pod/pod-a ;;
  esac`,
  ctr: `case "$*" in
    *'tasks ls') printf 'TASK PID STATUS\\nc1 999999999 %s\\n' "$([ -e "$HOME/paused" ] && echo PAUSED || echo RUNNING)" ;;
    *'tasks pause'*) : >"$HOME/paused" ;;
    *'tasks resume'*) rm "$HOME/paused" ;;
  esac`,
  // Runs what it is given, as the real one does, so that iptables is called.
  nsenter: 'while case $1 in -*) true ;; *) false ;; esac; do shift; done; exec "$@"',
  iptables: `case "$*" in
    *-I*) : >"$HOME/rule" ;;
    *-C*) [ -e "$HOME/rule" ] ;;
    *-D*) rm "$HOME/rule" ;;
  esac`,
  mount: 'exit 0',
  umount: 'exit 0',
  busybox: 'exit 0',
}

export async function faultNode(): Promise<FaultNode> {
  const home = mkdtempSync(join(tmpdir(), 'signalproof-node-'))
  const log = join(home, 'calls')
  const bin = join(home, 'bin')
  const write = (name: string, script: string) =>
    writeProgram(join(bin, name), `printf '%s\\n' "${name} $*" >>"$HOME/calls"\n${script}`)
  for (const [name, script] of Object.entries(answers)) await write(name, script)
  let read = 0
  return {
    faults: join(home, 'faults'),
    async exec([file = '', ...args]) {
      const { exitCode, all } = await execa(file, args, {
        env: { PATH: `${bin}:${process.env.PATH}`, HOME: home },
        extendEnv: false,
        all: true,
        reject: false,
        stdin: 'ignore',
      })
      return { exitCode: exitCode ?? 255, output: all }
    },
    calls() {
      const all = readFileSync(log, 'utf8').trim().split('\n')
      const fresh = all.slice(read)
      read = all.length
      return fresh.filter((call) => !/ (get|tasks ls|true$|.*iptables -w 5 -C|-w 5 -C)/.test(call))
    },
    replace: async (name, script) => void (await write(name, script)),
    [Symbol.asyncDispose]: async () => rmSync(home, { recursive: true, force: true }),
  }
}
