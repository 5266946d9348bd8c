import type { RecordEntry } from '../claims/claim-record.ts'
import type { InstallEvent } from '../toolchain/install-progress.ts'
import { showInstall } from '../toolchain/progress-list.ts'
import { LiveClaims } from './live-claims.ts'
import { PlainClaims } from './plain-claims.ts'

/** What a person sees while a run goes on: lines that change in place in a terminal, a line a verdict elsewhere. */
export interface Progress {
  readonly onEntry: (entry: RecordEntry) => void
  readonly onInstall: (event: InstallEvent) => void
  /** Takes the live lines away and prints what stays. */
  readonly end: (text: string) => void
}

export function showProgress(stream: NodeJS.WriteStream): Progress {
  const claims = stream.isTTY ? new LiveClaims(stream) : new PlainClaims(stream)
  let install: ReturnType<typeof showInstall> | undefined
  let isOver = false
  return {
    onInstall: (event) => {
      install ??= showInstall(stream)
      install.progress(event)
    },
    onEntry: (entry) => {
      // What is told late would draw over what stays.
      if (isOver) return
      void install?.end()
      install = undefined
      claims.show(entry)
    },
    end: (text) => {
      isOver = true
      void install?.end()
      claims.clear()
      stream.write(text)
    },
  }
}
