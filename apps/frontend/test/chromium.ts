import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome']
const variable = 'CHROMIUM_PROGRAM'

/** Why there is nothing to test with; said where the tests are skipped. */
export const noChromium = `no ${names.join(', ')} on PATH: install one, or name it in ${variable}`

/**
 * The Chromium of this machine; undefined when it has none.
 * @throws Error when the variable names no program
 */
export function findChromium(env: NodeJS.ProcessEnv): string | undefined {
  const named = env[variable]
  if (named) {
    if (isProgram(named)) return named
    throw new Error(
      `${variable}: expected an executable file; seen ${JSON.stringify(named)}; try which chromium`,
    )
  }
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isProgram)
}

/** A headless browser that asks nobody but the page. */
export async function startChromium(program: string): Promise<Browser> {
  // A container's root may not open the sandbox; everybody else keeps it.
  const isRoot = process.getuid?.() === 0
  return await chromium.launch({ executablePath: program, chromiumSandbox: !isRoot })
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
