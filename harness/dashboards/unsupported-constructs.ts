import type { z } from 'zod'
import type { UnsupportedConstruct } from './dashboard-model.ts'

/** Gathers what is not supported while one dashboard is read. */
export class UnsupportedConstructs {
  readonly found: UnsupportedConstruct[] = []
  private readonly dashboard: string

  constructor(dashboard: string) {
    this.dashboard = dashboard
  }

  add(path: string, construct: string, effect: string, panel?: string): void {
    this.found.push({
      dashboard: this.dashboard,
      path,
      construct,
      effect,
      ...(panel === undefined ? {} : { panel }),
    })
  }

  /** The items of a list that follow a schema, with their paths; a list that is none, and items of another shape, are named. */
  items<T>(
    list: unknown,
    { path, schema, panel }: { path: string; schema: z.ZodType<T>; panel?: string },
  ): { item: T; path: string }[] {
    if (list === undefined || list === null) return []
    if (!Array.isArray(list)) {
      this.add(path, `${kindOf(list)} where a list stands`, 'not read', panel)
      return []
    }
    return list.flatMap((entry: unknown, index) => {
      const at = `${path}[${index}]`
      const parsed = schema.safeParse(entry)
      if (parsed.success) return [{ item: parsed.data, path: at }]
      const [issue] = parsed.error.issues
      const inside = issue === undefined || issue.path.length === 0 ? '' : `.${issue.path.join('.')}`
      this.add(`${at}${inside}`, issue?.message ?? 'another shape', 'not read', panel)
      return []
    })
  }
}

const kindOf = (value: unknown): string => (typeof value === 'object' ? 'an object' : `a ${typeof value}`)
