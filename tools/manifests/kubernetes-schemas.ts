import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { execa } from 'execa'
import { stringify } from 'yaml'
import { type ManifestObject, objectName } from '../../harness/config/manifest-object.ts'
import type { ManifestProblem } from './object-set.ts'

/**
 * What Kubernetes' own schemas say of objects, unknown fields refused, without a cluster. kubectl-validate is built with
 * Go from tools/kubectl-validate; the schemas are those of the pinned version, from its published module.
 * @param repository the checkout with both go.mod files
 */
export async function schemaProblems(
  repository: string,
  objects: readonly ManifestObject[],
): Promise<ManifestProblem[]> {
  const folder = mkdtempSync(join(tmpdir(), 'signalproof-manifests-'))
  try {
    const [program] = await Promise.all([
      kubectlValidate(repository),
      kubernetesModule(repository).then((module) => writeSchemas(module, join(folder, 'schemas'))),
    ])
    const files = new Map<string, string>()
    for (const [index, object] of objects.entries()) {
      const file = join(folder, `${index}.yaml`)
      files.set(basename(file), objectName(object))
      writeFileSync(file, stringify(object))
    }
    const asked = [...files.keys()].map((name) => join(folder, name))
    const said = await execa(program, ['--local-schemas', join(folder, 'schemas'), '-o', 'json', ...asked], {
      reject: false,
    })
    return readAnswer(said.stdout, said.failed, said.stderr).map(({ file, says }) => ({
      object: files.get(basename(file)) ?? file,
      says,
    }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Of the answer, what it refused. Throws where the answer is none: a check that did not look has not passed. */
function readAnswer(stdout: string, failed: boolean, stderr: string): { file: string; says: string }[] {
  const answer = JSON.parse(stdout || 'null') as Record<string, { status: string; message?: string }[]> | null
  if (answer === null || Object.keys(answer).length === 0)
    throw new Error(`kubectl-validate said nothing\n${stderr}`)
  const refused = Object.entries(answer).flatMap(([file, results]) =>
    results
      .filter(({ status }) => status !== 'Success')
      .map(({ message = 'refused' }) => ({ file, says: message })),
  )
  if (failed && refused.length === 0) throw new Error(`kubectl-validate failed\n${stderr}`)
  return refused
}

async function kubectlValidate(repository: string): Promise<string> {
  const go = await execa('bash', [join(repository, 'tools/require-program.sh'), 'go'], {
    reject: false,
    all: true,
  })
  if (go.failed) throw new Error(`kubectl-validate runs by Go\n${go.all}`)
  const asked = ['-C', join(repository, 'tools/kubectl-validate'), 'tool', '-n', 'kubectl-validate']
  const built = await execa('go', asked, { reject: false })
  if (built.failed)
    throw new Error(`kubectl-validate could not be built: ${built.shortMessage}\n${built.stderr}`)
  return built.stdout.trim()
}

/** The folder of the Kubernetes module that the node's binary is built from. */
async function kubernetesModule(repository: string): Promise<string> {
  const modules = join(repository, 'harness/toolchain/modules/kubernetes')
  const asked = ['-C', modules, 'mod', 'download', '-json', 'k8s.io/kubernetes']
  const fetched = await execa('go', asked, { reject: false })
  if (fetched.failed)
    throw new Error(`Kubernetes' schemas could not be fetched: ${fetched.stdout}\n${fetched.stderr}`)
  return (JSON.parse(fetched.stdout) as { Dir: string }).Dir
}

/** The module's `apis__apps__v1_openapi.json` as `apis/apps/v1.json`, which is where kubectl-validate looks. */
function writeSchemas(module: string, folder: string): void {
  const published = join(module, 'api/openapi-spec/v3')
  for (const name of readdirSync(published)) {
    const [, path] = /^((?:api|apis__[^_]+)__v\w+)_openapi\.json$/.exec(name) ?? []
    if (path === undefined) continue
    const file = join(folder, `${path.replaceAll('__', '/')}.json`)
    mkdirSync(dirname(file), { recursive: true })
    cpSync(join(published, name), file)
  }
}
