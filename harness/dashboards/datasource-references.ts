import { isMap } from '../config/document-path.ts'

/** Every `datasourceUid` of a provisioning file, at any depth: the datasources that links of one lead to. */
export function referencesIn(value: unknown, path: string): { path: string; uid: string }[] {
  if (Array.isArray(value)) return value.flatMap((entry, index) => referencesIn(entry, `${path}[${index}]`))
  if (!isMap(value)) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'datasourceUid'
      ? [{ path: `${path}.${key}`, uid: String(inner) }]
      : referencesIn(inner, `${path}.${key}`),
  )
}
