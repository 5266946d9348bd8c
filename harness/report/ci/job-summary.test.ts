import { fromMarkdown } from 'mdast-util-from-markdown'
import { expect, test } from 'vitest'
import { claimDouble, loadedSeed, recordOf, resultOf } from '../run-doubles.ts'
import { writeJobSummary } from './job-summary.ts'

const reason = 'CLAIM_BROKEN: expected 6 lines\n  seen: 5\n  try:  look at the collector'
const broken = [
  claimDouble('metrics.targets-up'),
  claimDouble('logs.stored', { verdict: 'broken', reason }),
  claimDouble('logs.counted-once', {
    verdict: 'blocked',
    reason: 'needs logs.stored, which is broken: nothing to count',
  }),
  claimDouble('traces.followed', { verdict: 'skipped', reason: 'no Tempo here' }),
]

/** The blocks of a page, as `kind: its source`. */
function blocksOf(page: string): string[] {
  return fromMarkdown(page).children.map((node) => {
    const from = node.position?.start.offset ?? 0
    return `${node.type}: ${page.slice(from, node.position?.end.offset)}`
  })
}

test('the broken claim is on top, with its sentence, its reason and how many it blocks', () => {
  expect(blocksOf(writeJobSummary(resultOf(recordOf(broken)))).slice(0, 3)).toEqual([
    'heading: ## ❌ broken: first at <code>logs.stored</code>',
    'paragraph: The claim: the sentence of logs.stored. 1 claims were not judged because of what is broken.',
    `code: \`\`\`text\n${reason}\n\`\`\``,
  ])
})

test('every claim that is not proven is listed with its reason, and the layers are counted', () => {
  const page = writeJobSummary(resultOf(recordOf(broken)))
  expect(page).toContain('| logs | 0 | 1 | 1 | 0 |')
  expect(page).toContain('| ⏭️ | <code>traces.followed</code> | no Tempo here |')
  expect(page).not.toContain('<code>metrics.targets-up</code>')
})

test('a proven run says so, and how many claims', () => {
  const page = writeJobSummary(resultOf(recordOf([claimDouble('logs.stored')])))
  expect(blocksOf(page)[0]).toBe('heading: ## ✅ proven: 1 of 1 claims')
  expect(page).not.toContain('not proven')
})

test('an invalid run blames no claim', () => {
  const page = writeJobSummary(resultOf(recordOf(broken), { outsideClaims: ['loki died'] }))
  expect(blocksOf(page).slice(0, 2)).toEqual([
    'heading: ## ⚠️ invalid: nothing is said about the stack',
    'code: ```text\nloki died\n```',
  ])
})

test('a load on signals that nobody proved carries the warning', () => {
  const seed = loadedSeed({ basis: 'unproven' })
  expect(writeJobSummary(resultOf(recordOf(broken), { seed }))).toContain('> [!WARNING]')
})

test('foreign text ends no cell, no block and no tag', () => {
  const foreign = 'a | b <script> `c` @everyone\n```\n# not a heading'
  const page = writeJobSummary(
    resultOf(
      recordOf([
        claimDouble('logs.stored', { verdict: 'broken', title: foreign, reason: foreign }),
        claimDouble('logs.other', { verdict: 'broken', reason: foreign }),
      ]),
    ),
  )
  const blocks = blocksOf(page)
  expect(blocks.filter((block) => block.startsWith('heading'))).toHaveLength(1)
  expect(blocks).toContainEqual(`code: \`\`\`\`text\n${foreign}\n\`\`\`\``)
  expect(page.replaceAll(/````text[\s\S]*?````/g, '')).not.toMatch(/<script>|@everyone/)
  expect(page).toContain(
    '| ❌ | <code>logs.other</code> | a &#124; b &#60;script&#62; &#96;c&#96; &#64;everyone |',
  )
})
