/** Markup that may stand in a page as it is. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** `false` and undefined insert nothing. */
type Insertable = Html | readonly Html[] | string | number | false | undefined

/** A template of markup: what is inserted is escaped, unless it is markup itself. */
export function html(parts: TemplateStringsArray, ...inserted: readonly Insertable[]): Html {
  return new Html(
    parts.map((part, index) => part + (index < inserted.length ? write(inserted[index]) : '')).join(''),
  )
}

function write(value: Insertable): string {
  if (value instanceof Html) return value.text
  if (typeof value === 'object') return value.map((one) => one.text).join('')
  return value === false ? '' : escapeText(String(value ?? ''))
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
