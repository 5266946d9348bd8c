import { join } from 'node:path'
import { execa } from 'execa'
import { gitFiles } from '../git-files.ts'

/** The workflows that git knows or would add. Throws when there is none. */
export const workflowFiles = (root: string) => gitFiles(root, ['.github/workflows'])

/**
 * What actionlint says about workflows (paths from `root`), empty when nothing. It is built with Go from the checksums
 * in tools/actionlint/go.sum of `repository`; a machine without Go is told so, for a check that is left out passes on nothing.
 */
export async function lintWorkflows(
  repository: string,
  root: string,
  files: readonly string[],
): Promise<string> {
  const asked = { cwd: root, reject: false, all: true } as const
  const go = await execa('bash', [join(repository, 'tools/require-program.sh'), 'go'], asked)
  if (go.failed) return `actionlint runs by Go\n${go.all}`
  const built = await execa('go', ['-C', join(repository, 'tools/actionlint'), 'tool', '-n', 'actionlint'], {
    ...asked,
    all: false,
  })
  if (built.failed) return `actionlint could not be built: ${built.shortMessage}\n${built.stderr}`
  // Off on every machine, or the answer would depend on what else is installed: they are found on PATH.
  const withoutOthers = ['-shellcheck=', '-pyflakes=', '-no-color']
  const said = await execa(built.stdout.trim(), [...withoutOthers, ...files], asked)
  return said.failed ? `${said.all || said.shortMessage}` : ''
}
