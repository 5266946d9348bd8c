import { execa } from 'execa'
import { programOnPath } from '../core/program-on-path.ts'
import { SignalproofError } from '../core/signalproof-error.ts'

/**
 * The program of this machine that shows a file to whoever sits at it.
 * @throws SignalproofError USAGE_BAD_VALUE where there is none, or nobody to show it to
 */
export function requireOpener(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string {
  const name = platform === 'darwin' ? 'open' : 'xdg-open'
  const found = programOnPath([name], env)
  if (found === undefined) throw cannotOpen(`no ${name} on PATH`)
  const hasDisplay =
    platform === 'darwin' || Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY) || Boolean(env.BROWSER)
  if (!hasDisplay) throw cannotOpen('neither DISPLAY, WAYLAND_DISPLAY nor BROWSER is set')
  return found
}

/** Shows the file; what the browser does later is its own business. */
export async function openInBrowser(opener: string, path: string): Promise<void> {
  const { failed, exitCode } = await execa(opener, [path], { stdio: 'ignore', reject: false })
  if (failed) throw cannotOpen(`${opener} ended with ${exitCode ?? 'a signal'}`)
}

const cannotOpen = (seen: string): SignalproofError =>
  new SignalproofError('USAGE_BAD_VALUE', {
    expected: 'a program that shows a page, for --open',
    seen,
    remedy: 'leave --open out: the path that is printed can be opened in any browser',
  })
