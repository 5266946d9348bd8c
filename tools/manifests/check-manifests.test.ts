import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkManifests } from './check-manifests.ts'
import { schemaProblems } from './kubernetes-schemas.ts'
import { changed, repository, verifiedCluster } from './manifest-doubles.ts'

/** Compiles its program when Go's cache is empty. */
const compileMs = 600_000
let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'signalproof-manifests-'))
  for (const folder of ['manifests', 'alerts', 'dashboards'])
    cpSync(join(repository, folder), join(root, folder), { recursive: true })
})
afterEach(() => rmSync(root, { recursive: true }))

/** Changes a copy of a manifest; what is changed has to be there. */
function change(path: string, from: string, to: string): void {
  const text = readFileSync(join(root, path), 'utf8')
  expect(text).toContain(from)
  writeFileSync(join(root, path), text.replace(from, to))
}

test(
  'our manifests are good',
  async () => {
    expect(await checkManifests(repository)).toEqual([])
  },
  compileMs,
)

test(
  'a misspelt field is refused with its file and its path',
  async () => {
    change('manifests/loki/deployment.yaml', 'readinessProbe', 'readynessProbe')
    change('manifests/apps/frontend/service.yaml', 'selector:', 'selectors:')
    const lines = await checkManifests(repository, root)
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^manifests\/loki\/deployment\.yaml:2: Deployment\.observability\.loki: .*spec\.template\.spec\.containers\[0\]\.readynessProbe: .*unknown field/,
      ),
    )
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^manifests\/apps\/frontend\/service\.yaml:1: Service\.apps\.frontend: .*selectors.*unknown field/,
      ),
    )
  },
  compileMs,
)

test.each<[what: string, object: string, path: string, value: unknown, says: RegExp]>([
  [
    'a value of another type',
    'Service.apps.frontend',
    'spec.ports.0.port',
    'http',
    /spec\.ports\[0\]\.port.*integer/,
  ],
  [
    'a field that has to be there',
    'Deployment.apps.frontend',
    'spec.selector',
    undefined,
    /spec\.selector.*[Rr]equired/,
  ],
  [
    'a kind that does not exist',
    'Deployment.apps.frontend',
    'kind',
    'Deploymint',
    /kind Deploymint not found/,
  ],
  [
    'a name that cannot be',
    'Service.apps.frontend',
    'metadata.name',
    'Front_end',
    /metadata\.name.*Front_end/,
  ],
])(
  '%s is refused',
  async (_, name, path, value, says) => {
    const problems = await schemaProblems(repository, changed(await verifiedCluster(), name, path, value))
    expect(problems).toHaveLength(1)
    expect(problems[0]?.says).toMatch(says)
  },
  compileMs,
)
