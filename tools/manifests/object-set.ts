import {
  type ManifestObject,
  objectName,
  type PodTemplate,
  podTemplateOf,
} from '../../harness/config/manifest-object.ts'

/** What is wrong with one object, as a sentence of expected, seen and what to try. */
export interface ManifestProblem {
  /** As objectName calls it. */
  readonly object: string
  readonly says: string
}

/** All objects of a cluster, asked for by what refers to them. */
export class ObjectSet {
  readonly all: readonly ManifestObject[]
  readonly pods: readonly PlacedPods[]
  readonly #named: ReadonlySet<string>

  constructor(objects: readonly ManifestObject[]) {
    this.all = objects
    this.#named = new Set(objects.map(objectName))
    this.pods = objects.flatMap((object) => {
      const template = podTemplateOf(object)
      return template === undefined ? [] : [{ object, template, namespace: object.metadata.namespace ?? '' }]
    })
  }

  ofKind(kind: string): ManifestObject[] {
    return this.all.filter((object) => object.kind === kind)
  }

  has(kind: string, name: string, namespace?: string): boolean {
    return this.#named.has([kind, namespace, name].filter((part) => part !== undefined).join('.'))
  }

  find(kind: string, name: string, namespace?: string): ManifestObject | undefined {
    return this.ofKind(kind).find(
      ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
    )
  }

  labelsOfNamespace(namespace: string): Record<string, string> {
    const labels = this.find('Namespace', namespace)?.metadata.labels ?? {}
    return { ...labels, 'kubernetes.io/metadata.name': namespace }
  }
}

/** The pods that one object makes. */
export interface PlacedPods {
  readonly object: ManifestObject
  readonly template: PodTemplate
  readonly namespace: string
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly {
    readonly key: string
    readonly operator: string
    readonly values?: readonly string[]
  }[]
}

export function selects(selector: LabelSelector, labels: Readonly<Record<string, string>> = {}): boolean {
  const equal = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value)
  const expressions = (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = labels[key]
    if (operator === 'Exists') return value !== undefined
    if (operator === 'DoesNotExist') return value === undefined
    const among = value !== undefined && values.includes(value)
    return operator === 'In' ? among : !among
  })
  return equal && expressions
}

/** Whether a container of the pods listens on a port, by number or by name. */
export function listensOn({ template }: PlacedPods, port: number | string): boolean {
  return template.spec.containers.some(({ ports = [] }) =>
    ports.some(({ name, containerPort }) => (typeof port === 'number' ? containerPort : name) === port),
  )
}

export const writeLabels = (labels: object): string => JSON.stringify(labels)
