import { type Markup, markup } from './markup.ts'
import type { EvidenceFile, ReportInput } from './report-input.ts'
import { anchorOf, counted, foldable, section } from './words.ts'

/** The files that claims kept, those of broken claims first; what is too long for a page lies in the run's folder. */

export function evidenceSection({
  evidence,
  result,
}: Pick<ReportInput, 'evidence' | 'result'>): Markup | undefined {
  if (evidence.length === 0) return undefined
  const byClaim = [...Map.groupBy(evidence, ({ claim }) => claim)]
  return section(
    'evidence',
    'Evidence',
    'Secrets were struck out when it was kept. Paths are those of the run’s folder.',
    markup`${byClaim.map(([claim, files]) => {
      const verdict = result.claims.find(({ id }) => id === claim)?.verdict ?? 'skipped'
      return markup`<details class="files ${verdict}"${claim === result.firstBroken && markup` open`}>
<summary><h3><code>${foldable(claim)}</code></h3> <span class="count">${counted(files.length, 'file')}</span></summary>
<p class="small"><a href="#${anchorOf(claim)}">its claim<span class="sr"> ${claim}</span></a></p>
${files.map(writeFile)}
</details>`
    })}`,
  )
}

function writeFile({ path, sizeBytes, text, leftOutBytes }: EvidenceFile): Markup {
  const name = path.split('/').at(-1) ?? path
  if (text === null)
    return markup`<p class="file"><code>${foldable(path)}</code> <small>${sizeBytes === 0 ? 'is not there' : `${bytes(sizeBytes)}, only in the run’s folder`}</small></p>`
  return markup`<details class="file"><summary><code>${foldable(name)}</code> <small>${bytes(sizeBytes)}</small></summary>
<pre tabindex="0" role="region" aria-label="${path}">${text}</pre>
${leftOutBytes > 0 && markup`<p class="small">${bytes(leftOutBytes)} more in <code>${foldable(path)}</code></p>`}
</details>`
}

const bytes = (count: number): string =>
  count < 1000
    ? `${count} B`
    : count < 1_000_000
      ? `${(count / 1e3).toFixed(1)} kB`
      : `${(count / 1e6).toFixed(1)} MB`
