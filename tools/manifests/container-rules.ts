import { type ContainerSpec, objectName } from '../../harness/config/manifest-object.ts'
import type { ManifestProblem, ObjectSet, PlacedPods } from './object-set.ts'

/** What every container of ours has, beyond what Pod Security asks for. */

const rules: readonly { readonly holds: (container: ContainerSpec) => boolean; readonly says: string }[] = [
  {
    holds: ({ resources }) => resources?.requests?.cpu !== undefined,
    says: 'no CPU request: its share is measured and planned by it',
  },
  {
    holds: ({ resources }) => resources?.requests?.memory !== undefined,
    says: 'no memory request: the node would promise the same memory twice',
  },
  {
    holds: ({ resources }) => resources?.limits?.memory !== undefined,
    says: 'no memory limit: it could take the whole node with it',
  },
  {
    holds: ({ securityContext }) =>
      (securityContext as { readOnlyRootFilesystem?: boolean } | undefined)?.readOnlyRootFilesystem === true,
    says: 'a writable root file system: what it writes belongs on a volume',
  },
  { holds: ({ readinessProbe }) => readinessProbe !== undefined, says: 'no readiness probe' },
]

export function containerProblems(set: ObjectSet): ManifestProblem[] {
  return set.pods.flatMap((pods) => [
    ...podProblems(pods),
    ...pods.template.spec.containers.flatMap((container) =>
      rules
        .filter(({ holds }) => !holds(container))
        .map(({ says }) => ({
          object: objectName(pods.object),
          says: `the container ${container.name} has ${says}`,
        })),
    ),
  ])
}

function podProblems({ object, template }: PlacedPods): ManifestProblem[] {
  const { enableServiceLinks, automountServiceAccountToken, serviceAccountName } = template.spec
  const problem = (says: string): ManifestProblem => ({ object: objectName(object), says })
  return [
    ...(enableServiceLinks === false
      ? []
      : [
          problem(
            'its pods get a variable for every Service of the namespace; set enableServiceLinks: false',
          ),
        ]),
    ...(automountServiceAccountToken === false ||
    (automountServiceAccountToken === true && serviceAccountName !== undefined)
      ? []
      : [
          problem(
            'its pods get a token without saying what for; set automountServiceAccountToken, and name an account where it is true',
          ),
        ]),
  ]
}
