import { join } from 'node:path'
import { type LoadedConfig, loadConfig } from '../../config/load-config.ts'
import { SignalproofError } from '../../core/signalproof-error.ts'
import { objectivesFolder } from '../generated-files.ts'
import { readObjectives } from '../read-objectives.ts'
import { writeFinding } from './finding.ts'
import { lintObjectives } from './lint-objectives.ts'
import { projectSurroundings } from './project-surroundings.ts'

/** A project's objectives against its own configuration, one line a finding; a file that cannot be read is one, too. */
export async function lintProject(from: string): Promise<string[]> {
  const project = await loadConfig(from)
  try {
    return lintFindings(project).map(writeFinding)
  } catch (thrown) {
    if (thrown instanceof SignalproofError) return [thrown.message]
    throw thrown
  }
}

/** @throws SignalproofError CONFIG_UNREADABLE, CONFIG_INVALID */
export const lintFindings = (project: Pick<LoadedConfig, 'root' | 'config'>) =>
  lintObjectives(readObjectives(join(project.root, objectivesFolder)), projectSurroundings(project))
