/** Markup that may stand in the report as it is. Only templates and the drawing of plots make it. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** `false`, null and undefined insert nothing. */
export type Insertable = Markup | readonly Insertable[] | string | number | false | null | undefined

/** A template of markup: what is inserted is escaped, also inside of attributes in quotes, unless it is markup itself. */
export function markup(parts: TemplateStringsArray, ...inserted: readonly Insertable[]): Markup {
  return new Markup(
    parts.map((part, index) => part + (index < inserted.length ? write(inserted[index]) : '')).join(''),
  )
}

function write(value: Insertable): string {
  if (value instanceof Markup) return value.text
  if (Array.isArray(value)) return value.map(write).join('')
  return value === false || value === null || value === undefined ? '' : escapeText(String(value))
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Control characters have no place in a page, and those that turn the direction of writing could make a line say something else. */
const unprintable = /[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/gu

function escapeText(text: string): string {
  return text.replace(unprintable, '\ufffd').replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
