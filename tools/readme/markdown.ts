import { fromMarkdown } from 'mdast-util-from-markdown'

/** A fenced block or a piece of inline code. */
export interface CodePiece {
  /** What stands behind the fence, such as sh; empty where nothing does, and for inline code. */
  readonly language: string
  readonly text: string
  /** The line of the file on which the text begins. */
  readonly line: number
}

/** A comment of HTML, by which a part of a page is found again. */
export interface PageComment {
  readonly text: string
  readonly start: number
  readonly end: number
  readonly line: number
}

export interface MarkdownPage {
  readonly blocks: readonly CodePiece[]
  readonly inline: readonly CodePiece[]
  readonly comments: readonly PageComment[]
}

type MarkdownNode = ReturnType<typeof fromMarkdown> | ReturnType<typeof fromMarkdown>['children'][number]

/** What of a Markdown text can be checked. */
export function readMarkdown(text: string): MarkdownPage {
  const blocks: CodePiece[] = []
  const inline: CodePiece[] = []
  const comments: PageComment[] = []
  const visit = (node: MarkdownNode): void => {
    const line = node.position?.start.line ?? 1
    if (node.type === 'code') {
      const isFenced = /^\s*(```|~~~)/.test(text.slice(node.position?.start.offset))
      blocks.push({ language: node.lang ?? '', text: node.value, line: isFenced ? line + 1 : line })
    } else if (node.type === 'inlineCode') inline.push({ language: '', text: node.value, line })
    else if (node.type === 'html') {
      const { start, end } = node.position ?? {}
      comments.push({ text: node.value, start: start?.offset ?? 0, end: end?.offset ?? 0, line })
    } else if ('children' in node) for (const child of node.children) visit(child)
  }
  visit(fromMarkdown(text))
  return { blocks, inline, comments }
}
