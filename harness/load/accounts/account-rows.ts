import type { Accounts } from './account-figures.ts'
import { countOf, kindOf, kindsIn, withoutRoute } from './kinds.ts'

/** The accounts as tables: one row a kind of answer, with what each place counted of it. */

/** One kind of answer in every account that knows routes; `caused` are those that only apps sent. */
export interface AccountRow {
  readonly app: string
  readonly method: string
  readonly route: string
  readonly status: number
  readonly client: number
  readonly caused: number
  readonly counts: Readonly<Record<'app' | 'prometheus' | 'loki', number>>
}

/** The same summed over an app's routes, beside what the ingress counted. */
export interface IngressRow {
  readonly app: string
  readonly method: string
  readonly status: number
  readonly client: number
  readonly caused: number
  readonly ingress: number
}

export function rowsOf({ client, app, prometheus, loki }: Accounts): AccountRow[] {
  return kindsIn(client, app, prometheus, loki)
    .map(({ count: _, ...answer }): AccountRow => {
      const kind = kindOf(answer)
      const asked = countOf(client, kind)
      const counts = {
        app: countOf(app, kind),
        prometheus: countOf(prometheus, kind),
        loki: countOf(loki, kind),
      }
      return { ...answer, client: asked, caused: Math.max(0, counts.app - asked), counts }
    })
    .sort((a, b) => (kindOf(a) < kindOf(b) ? -1 : 1))
}

export function ingressRowsOf({ client, ingress }: Accounts): IngressRow[] {
  const asked = client.map(withoutRoute)
  return kindsIn(asked, ingress)
    .map(({ count: _, ...answer }): IngressRow => {
      const kind = kindOf(answer)
      const [ours, counted] = [countOf(asked, kind), countOf(ingress, kind)]
      return { ...answer, client: ours, caused: Math.max(0, counted - ours), ingress: counted }
    })
    .sort((a, b) => (kindOf(a) < kindOf(b) ? -1 : 1))
}
