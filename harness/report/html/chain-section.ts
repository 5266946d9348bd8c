import type { ResultClaim, RunResult } from '../run-result.ts'
import { type ChainItem, columnsOf, type Edge, edgesOf } from './chain.ts'
import { type Markup, markup } from './markup.ts'
import { counted, section, signs } from './words.ts'

/** The chain of claims as a picture: layers in order, a line for each need, and the way that a broken claim blocks. */

/** The same picture for wide, middling and narrow windows. */
const variants = [
  { name: 'wide', columns: 5, columnWidth: 240, gutter: 30 },
  { name: 'middle', columns: 3, columnWidth: 236, gutter: 30 },
  { name: 'narrow', columns: 1, columnWidth: 350, gutter: 84 },
] as const

const rowHeight = 23
/** A short run is not drawn as a row of stumps. */
const fewestRows = 9

const top = 6

interface Place {
  readonly x: number
  readonly y: number
  readonly column: number
  /** Where the text ends, by the usual width of a character. */
  readonly endX: number
}

const characterWidth = 6.15
const mostCharacters = 31

export function chainSection(result: RunResult): Markup | undefined {
  const { claims } = result
  if (claims.length === 0) return undefined
  const edges = edgesOf(claims)
  const hint = edges.some(({ isBroken }) => isBroken)
    ? 'Each layer builds on those before it, and a line leads from a claim to what needs it. What is broken is red; red lines lead to what could not be judged for it.'
    : 'Each layer builds on those before it, and a line leads from a claim to what needs it.'
  return section(
    'chain',
    'Chain of claims',
    hint,
    markup`<div class="chain">${variants.map((variant) => picture(result, edges, variant))}</div>
<p class="legend" aria-hidden="true">${(['proven', 'broken', 'blocked', 'skipped'] as const).map((verdict) => markup`<span class="${verdict}"><b>${signs[verdict]}</b> ${verdict}</span>`)}</p>`,
  )
}

function picture(
  { claims, firstBroken }: RunResult,
  edges: readonly Edge[],
  { name, columns, columnWidth, gutter }: (typeof variants)[number],
): Markup {
  const filled = columnsOf(claims, Math.min(columns, Math.ceil(claims.length / fewestRows)))
  const places = placesOf(filled, columnWidth, gutter)
  const height = top * 2 + Math.max(...filled.map((column) => column.length)) * rowHeight
  // As wide as with all columns, so that its text has the same size.
  const width = columns * columnWidth
  const drawn = edges.toSorted((a, b) => Number(a.isBroken) - Number(b.isBroken))
  return markup`<svg class="only-${name}" role="img" aria-label="${inWords(claims, firstBroken)}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<g class="edges">${drawn.map((edge) => line(edge, places, gutter))}</g>
${filled.map((column, index) => column.map((item, row) => drawItem(item, index * columnWidth + gutter, top + row * rowHeight, firstBroken)))}
</svg>`
}

/** What the picture shows, for who does not see it. */
function inWords(claims: readonly ResultClaim[], firstBroken: string | null): string {
  const of = (verdict: ResultClaim['verdict']) => claims.filter((claim) => claim.verdict === verdict)
  const first = firstBroken === null ? '' : ` The first broken one is ${firstBroken}.`
  const blocked = of('blocked')
  const kept = blocked.length === 0 ? '' : ` Not judged for it: ${blocked.map(({ id }) => id).join(', ')}.`
  return `${counted(claims.length, 'claim')} in ${counted(new Set(claims.map(({ layer }) => layer)).size, 'layer')}: ${of('proven').length} proven, ${of('broken').length} broken, ${blocked.length} blocked, ${of('skipped').length} skipped.${first}${kept}`
}

function placesOf(
  filled: readonly (readonly ChainItem[])[],
  columnWidth: number,
  gutter: number,
): Map<string, Place> {
  return new Map(
    filled.flatMap((items, column) =>
      items.flatMap((item, row): [string, Place][] => {
        if (item.kind !== 'claim') return []
        const x = column * columnWidth + gutter
        const y = top + row * rowHeight + rowHeight / 2
        const endX = x + 12 + labelOf(item.claim).length * characterWidth
        return [[item.claim.id, { x, y, column, endX }]]
      }),
    ),
  )
}

/** Within a column round the left, to another column from the end of a name to the sign of the next. */
function line(
  { from, to, isBroken }: Edge,
  places: ReadonlyMap<string, Place>,
  gutter: number,
): Markup | undefined {
  const [a, b] = [places.get(from.id), places.get(to.id)]
  if (a === undefined || b === undefined) return undefined
  const path = a.column === b.column ? roundTheLeft(a, b, gutter) : across(a, b)
  return markup`<path${isBroken && markup` class="breaks"`} d="${path}"/>`
}

function roundTheLeft(a: Place, b: Place, gutter: number): string {
  const out = Math.min(gutter - 9, 7 + Math.abs(b.y - a.y) / 14)
  const x = a.x - 8
  return `M${x} ${a.y}C${px(x - out)} ${px(a.y + (b.y > a.y ? 4 : -4))} ${px(x - out)} ${px(b.y - (b.y > a.y ? 4 : -4))} ${x} ${b.y}`
}

function across(a: Place, b: Place): string {
  const [fromX, toX] = b.column > a.column ? [a.endX + 3, b.x - 8] : [a.x - 8, b.endX + 3]
  const bend = Math.max(24, Math.abs(toX - fromX) / 2.2) * (b.column > a.column ? 1 : -1)
  return `M${px(fromX)} ${a.y}C${px(fromX + bend)} ${a.y} ${px(toX - bend)} ${b.y} ${px(toX)} ${b.y}`
}

const px = (value: number): string => String(Number(value.toFixed(1)))

/** The layer is said by the heading. */
function labelOf({ id, layer }: ResultClaim): string {
  const name = id.startsWith(`${layer}.`) ? id.slice(layer.length + 1) : id
  return name.length <= mostCharacters ? name : `${name.slice(0, mostCharacters - 1)}…`
}

function drawItem(item: ChainItem, x: number, y: number, firstBroken: string | null): Markup {
  const middle = y + rowHeight / 2
  if (item.kind === 'layer') {
    const words = item.isContinued ? `${item.layer}, continued` : item.layer
    return markup`<text class="layer" x="${x - 7}" y="${middle + 4}">${words}</text>`
  }
  const { id, title, verdict } = item.claim
  const label = labelOf(item.claim)
  const isFirst = id === firstBroken
  const pill =
    isFirst &&
    markup`<rect class="first" x="${x - 11}" y="${y + 1}" width="${px(label.length * characterWidth * 1.14 + 32)}" height="${rowHeight - 2}" rx="5"/>`
  return markup`<g class="${verdict}${isFirst && ' is-first'}"><title>${id}, ${verdict}: ${title}</title>${pill}<text class="sign" x="${x}" y="${middle + 4}">${signs[verdict]}</text><text x="${x + 12}" y="${middle + 4}">${label}</text></g>`
}
