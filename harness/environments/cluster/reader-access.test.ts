import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { loadConfig } from '../../config/load-config.ts'
import { planCluster } from './cluster-plan.ts'
import { writePermission } from './permissions.ts'

/** The example of an account in manifests/verification/reader may do what the plan takes, and nothing else. */

interface RbacRole {
  readonly kind: string
  readonly metadata: { readonly namespace?: string }
  readonly rules?: readonly {
    readonly apiGroups: readonly string[]
    readonly resources: readonly string[]
    readonly resourceNames?: readonly string[]
    readonly verbs: readonly string[]
  }[]
}

const root = join(import.meta.dirname, '..', '..', '..')
const folder = join(root, 'manifests', 'verification', 'reader')
const roles = readdirSync(folder)
  .flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), 'utf8')))
  .map((document) => document.toJS() as RbacRole)
  .filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole')

const granted = roles.flatMap(({ metadata: { namespace = '' }, rules = [] }) =>
  rules.flatMap(({ apiGroups, resources, resourceNames = [undefined], verbs }) =>
    verbs.flatMap((verb) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) =>
          resourceNames.map((name) =>
            writePermission({ verb, group, resource, namespace, ...(name === undefined ? {} : { name }) }),
          ),
        ),
      ),
    ),
  ),
)

test('the reader has exactly the permissions that the plan of this repository takes', async () => {
  const { permissions } = planCluster(await loadConfig(root))
  expect(permissions.length).toBeGreaterThan(20)
  expect(granted.toSorted()).toEqual(permissions.map(writePermission).toSorted())
})

test('and none of them changes anything in the cluster', () => {
  const changing = granted.filter((permission) => !/^(get|list|watch) /.test(permission))
  // Through the ingress a POST goes to an app, which refuses it.
  expect(changing).toEqual(['create services/proxy traefik:80 in ingress'])
})
