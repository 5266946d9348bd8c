/** The one style of the page. */

/** Colours are named by what they mean, once for light and once for dark. */
export const colours: Readonly<Record<'light' | 'dark', Readonly<Record<string, string>>>> = {
  light: {
    paper: '#fbfbfa',
    card: '#ffffff',
    ink: '#1b1f24',
    soft: '#57606a',
    line: '#dfe3e8',
    wash: '#f1f3f5',
    proven: '#11703f',
    broken: '#b42318',
    blocked: '#8a5300',
    skipped: '#57606a',
    accent: '#0b5cad',
    'proven-wash': '#e4f4ea',
    'broken-wash': '#fdecea',
    'blocked-wash': '#fdf3dc',
    'skipped-wash': '#edf0f3',
    within: '#2f8f5b',
    late: '#b97a00',
    over: '#cf3d2e',
    worst: '#d9dee4',
    edge: '#c9d0d8',
    fault: '#f6d9a266',
    'fault-ink': '#7a4b00',
    limit: '#cf3d2e',
    'series-1': '#2563b8',
    'series-2': '#c2571a',
    'series-3': '#1f8a5f',
    'series-4': '#8f3fb3',
    'series-5': '#b0861a',
    'series-6': '#c23a6b',
    'series-7': '#1a8797',
    'series-8': '#6b6f76',
  },
  dark: {
    paper: '#0e1116',
    card: '#161b22',
    ink: '#e6eaf0',
    soft: '#9da7b3',
    line: '#2d343e',
    wash: '#1d232c',
    proven: '#5fd394',
    broken: '#ff8a7a',
    blocked: '#e9b55c',
    skipped: '#9da7b3',
    accent: '#79b8ff',
    'proven-wash': '#12301f',
    'broken-wash': '#3b1714',
    'blocked-wash': '#33260c',
    'skipped-wash': '#232a33',
    within: '#3fae74',
    late: '#d79b2b',
    over: '#ef6a5a',
    worst: '#39424e',
    edge: '#3a434f',
    fault: '#7a56124d',
    'fault-ink': '#e9b55c',
    limit: '#ff8a7a',
    'series-1': '#6ea8ff',
    'series-2': '#ff9d5c',
    'series-3': '#56d39b',
    'series-4': '#d39bf2',
    'series-5': '#e3c04f',
    'series-6': '#ff86ae',
    'series-7': '#57cbdc',
    'series-8': '#a9b1bb',
  },
}

const declared = (scheme: keyof typeof colours): string =>
  Object.entries(colours[scheme])
    .map(([name, colour]) => `--${name}: ${colour};`)
    .join(' ')

const base = `
* { box-sizing: border-box }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: break-word }
main, footer { max-width: 1264px; margin: 0 auto; padding: 0 32px }
main:focus { outline: none }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .92em }
h1, h2, h3, h4, p, ul, ol, dl, figure { margin: 0; padding: 0 }
ul, ol { list-style: none }
a { color: var(--accent); text-underline-offset: 2px }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px }
h2 { font-size: 1.3rem; line-height: 1.25; letter-spacing: -.01em; font-weight: 650 }
h3 { font-size: 1rem; font-weight: 650; display: inline }
h4 { font-size: .93rem; font-weight: 600 }
small, .small { font-size: .82rem; color: var(--soft) }
section { margin-top: 52px }
.hint { color: var(--soft); max-width: 76ch; margin: 4px 0 16px }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.skip { position: absolute; left: 12px; top: -60px; background: var(--card); color: var(--accent); padding: 8px 14px; z-index: 2 }
.skip:focus { top: 8px }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.badge { display: inline-block; border-radius: 4px; padding: 0 7px; font-size: .78rem; font-weight: 600; line-height: 1.55; white-space: nowrap }
.badge.proven { background: var(--proven-wash); color: var(--proven) } .badge.broken { background: var(--broken-wash); color: var(--broken) }
.badge.blocked { background: var(--blocked-wash); color: var(--blocked) } .badge.skipped { background: var(--skipped-wash); color: var(--skipped) }
.ink-broken { color: var(--broken) }
summary { cursor: pointer }
summary::marker { color: var(--soft) }
pre { margin: 6px 0; padding: 10px 12px; background: var(--wash); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.45 }
.scroll { overflow-x: auto; margin-top: 10px; position: relative }
footer { color: var(--soft); font-size: .82rem; margin-top: 56px; padding-bottom: 40px }
`

const top = `
.verdict { padding-top: 30px }
.run { color: var(--soft); font-size: .85rem }
h1 { font-size: clamp(1.5rem, 3.6vw, 2.25rem); line-height: 1.15; letter-spacing: -.02em; font-weight: 700; margin: 8px 0 14px; padding-left: 16px; border-left: 6px solid currentColor; max-width: 26em; overflow-wrap: anywhere }
.verdict.proven h1 { color: var(--proven) } .verdict.broken h1 { color: var(--broken) } .verdict.invalid h1 { color: var(--blocked) }
.sentence { font-size: 1.08rem; max-width: 70ch }
.remedy { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--accent); border-radius: 6px; padding: 10px 14px; margin: 12px 0; max-width: 88ch; display: grid; grid-template-columns: auto 1fr; gap: 12px }
.remedy b { color: var(--accent) }
.remedy span { overflow-wrap: anywhere }
.reason { max-width: 100ch; margin: 8px 0; font-size: .92rem }
.reason > div { display: grid; grid-template-columns: 5.2rem minmax(0, 1fr); gap: 10px; padding: 3px 0 }
.reason dt { color: var(--soft); white-space: nowrap } .reason dd { margin: 0; overflow-wrap: anywhere }
.reason li { padding-left: 12px; text-indent: -12px } .reason li::before { content: "· "; color: var(--soft) }
.more { font-size: .9rem; color: var(--soft); margin-top: 6px }
.also { margin-top: 10px; font-size: .92rem; max-width: 100ch } .also li { padding: 2px 0 } .also b { color: var(--broken) }
.unproven { background: var(--blocked-wash); color: var(--blocked); font-weight: 600; padding: 6px 12px; border-radius: 6px; margin: 8px 0; width: fit-content }
.facts { display: flex; flex-wrap: wrap; gap: 12px 34px; margin: 20px 0 0; padding-top: 14px; border-top: 1px solid var(--line) }
.facts dt { font-size: .78rem; color: var(--soft) } .facts dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums } .facts dd code { font-weight: 500; font-size: .85em } .facts dd small { font-weight: 400 }
.set { margin-top: 10px; font-size: .9rem; color: var(--soft); overflow-wrap: anywhere } .set code { color: var(--ink); background: var(--blocked-wash); padding: 1px 5px; border-radius: 4px }
nav { margin-top: 22px }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: .92rem }
`

const chain = `
.chain svg { display: block; width: 100%; height: auto }
.chain { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 8px 6px }
.chain text { font: 11.6px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; fill: var(--ink); paint-order: stroke; stroke: var(--card); stroke-width: 3px; stroke-linejoin: round }
.chain .layer { font-weight: 700; font-size: 12px }
.chain .sign { text-anchor: middle; font-weight: 700 }
.chain .edges path { fill: none; stroke: var(--edge); stroke-width: 1 } .chain .edges .breaks { stroke: var(--over); stroke-width: 1.4 }
.chain .proven .sign { fill: var(--proven) } .chain .broken text { fill: var(--broken); font-weight: 700 } .chain .blocked text { fill: var(--blocked) } .chain .skipped text { fill: var(--skipped) }
.chain .first { fill: var(--broken-wash); stroke: var(--broken); stroke-width: 1.2 } .chain .is-first text { stroke: none }
.only-middle, .only-narrow { display: none !important }
.legend { display: flex; gap: 18px; font-size: .82rem; color: var(--soft); margin-top: 8px }
.legend .proven b { color: var(--proven) } .legend .broken b { color: var(--broken) } .legend .blocked b { color: var(--blocked) }
`

const claims = `
details.layer, details.dashboard, details.files { border-top: 1px solid var(--line); padding: 10px 0 }
details.layer:last-child, details.files:last-child { border-bottom: 1px solid var(--line) }
details.layer > summary, details.dashboard > summary, details.files > summary { padding: 2px 0 }
.count { color: var(--soft); font-size: .88rem; margin-left: 8px }
.strip { display: inline-flex; flex-wrap: wrap; gap: 2px; margin-left: 12px; vertical-align: middle }
.strip i { width: 7px; height: 12px; border-radius: 2px; background: var(--within) } .strip .broken { background: var(--over) } .strip .blocked { background: var(--late) } .strip .skipped { background: var(--edge) }
.claims > li { padding: 9px 0 9px 24px; border-top: 1px solid var(--line); scroll-margin-top: 12px } .claims > li:first-child { border-top: 0 }
.claims .head { display: flex; flex-wrap: wrap; gap: 2px 10px; align-items: baseline; margin-left: -24px }
.claims .sign { width: 14px; text-align: center; color: var(--proven) } .claims .broken .sign { color: var(--broken) } .claims .blocked .sign { color: var(--blocked) } .claims .skipped .sign { color: var(--skipped) }
.claims .head code { font-weight: 600 } .claims .blocked .head code, .claims .skipped .head code { font-weight: 400 }
.claims .broken > .head code { color: var(--broken) }
.claims .used { margin-left: auto; font-size: .82rem; color: var(--soft); font-variant-numeric: tabular-nums; white-space: nowrap; display: flex; gap: 10px; align-items: center } .claims .used .bar { width: 120px }
.claims .title { max-width: 90ch }
.why { color: var(--blocked); font-size: .9rem; max-width: 100ch; overflow-wrap: anywhere } .skipped .why { color: var(--soft) }
.note { font-size: .88rem; color: var(--soft); max-width: 100ch; overflow-wrap: anywhere }
.claims li:target { background: var(--wash); box-shadow: 0 0 0 8px var(--wash); border-radius: 2px }
.file { padding: 3px 0 3px 16px; overflow-wrap: anywhere } .file pre { max-height: 60vh; overflow: auto }
`

const drawings = `
.bar, .span, .budget { display: block }
.bar .worst { fill: var(--worst) } .bar .measured { fill: var(--within) } .bar.late .measured { fill: var(--late) } .bar.over .measured { fill: var(--over) } .bar .limit { stroke: var(--ink); stroke-width: 1.5 }
.span .run { fill: var(--line) } .span .firing { fill: var(--late) } .span .mark { stroke: var(--ink); stroke-width: 2 }
.budget .all { fill: var(--worst) } .budget .spent { fill: var(--within) } .budget.over .spent { fill: var(--over) } .budget .limit { stroke: var(--ink); stroke-width: 1.5 }
.key { font-weight: 600 } .key.late { color: var(--blocked) } .key.over { color: var(--broken) }
#timelines h3 { display: block; margin: 18px 0 8px }
.timelines { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 520px), 1fr)); gap: 14px }
.timeline, .panel, .objective { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; min-width: 0 }
.timeline figcaption { margin-bottom: 8px } .timeline .id { font-weight: 600 } .timeline .alert { color: var(--soft); font-size: .82rem; margin-left: 6px } .timeline .total { display: block; font-size: .88rem; color: var(--soft) } .timeline .total b { color: var(--ink) }
.timeline table { width: 100%; border-collapse: collapse; table-layout: fixed; font-size: .86rem }
.timeline th { text-align: left; font-weight: 400 } .timeline col.hop { width: 5.2rem } .timeline col.took { width: 4.4rem } .timeline col.allowed { width: 4.9rem } .timeline td.of { color: var(--soft) }
.timeline td, .timeline th { padding: 2px 0; vertical-align: middle }
.timeline .over .number:not(.of) { color: var(--broken); font-weight: 600 }
.timeline details, .panel details { margin-top: 6px; font-size: .82rem } .timeline summary, .panel summary { color: var(--soft); width: fit-content }
.formulas > div { display: grid; grid-template-columns: 5.2rem 1fr; gap: 8px; padding: 1px 0 } .formulas dt { color: var(--soft) } .formulas dd { margin: 0 }
.plain { border-collapse: collapse; width: 100%; font-size: .88rem } .plain caption { text-align: left; color: var(--soft); padding-bottom: 4px }
.plain th, .plain td { padding: 5px 16px 5px 0; text-align: left; border-bottom: 1px solid var(--line); vertical-align: middle } .plain td:last-child, .plain th:last-child { padding-right: 0 }
.plain thead th { font-weight: 500; color: var(--soft); font-size: .8rem; vertical-align: bottom } .plain tbody th { font-weight: 500 } .plain th.number, .plain td.number { text-align: right }
.plain .bars { width: 30%; min-width: 120px } .plain .place { overflow-wrap: anywhere } .plain .naive { color: var(--soft) } .plain .total th, .plain .total td { border-top: 2px solid var(--line); font-weight: 650 } .plain .differs { color: var(--broken); font-weight: 700 }
.objectives { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr)); gap: 14px }
.objective figcaption, .panel figcaption { display: flex; justify-content: space-between; gap: 10px; align-items: flex-start } .objective .budget { margin: 8px 0 4px } .objective.broken, .panel.broken { border-color: var(--broken) }
#load p { margin: 8px 0 }
`

const panels = `
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 370px), 1fr)); gap: 14px; margin-top: 12px }
.panel svg { display: block; width: 100%; height: auto; margin-top: 6px; color: var(--soft); --plot-background: var(--card) }
.panel svg text { font-size: 10.5px }
.panel > .small { margin-top: 2px }
.no-plot { display: grid; place-items: center; min-height: 120px; margin-top: 8px; background: var(--wash); border-radius: 6px; color: var(--soft); font-size: .88rem }
.series { display: flex; flex-wrap: wrap; gap: 1px 16px; font-size: .8rem; margin-top: 4px } .series li { display: flex; gap: 6px; align-items: baseline; min-width: 0 } .series span { overflow-wrap: anywhere } .series b { font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap } .series i { flex: none; width: 10px; height: 3px; border-radius: 2px; background: var(--series); align-self: center }
.faults { display: flex; flex-wrap: wrap; gap: 4px 22px; counter-reset: fault; font-size: .88rem; margin-bottom: 12px } .faults li { counter-increment: fault } .faults li::before { content: counter(fault); display: inline-block; min-width: 1.35em; text-align: center; margin-right: 6px; background: var(--fault); color: var(--fault-ink); font-weight: 650; border-radius: 3px }
.panel .reason > div { grid-template-columns: 4.9rem minmax(0, 1fr) }
.compare th[scope=col] { min-width: 5rem } .better { color: var(--proven) } .worse { color: var(--broken) }
`

const narrow = `
@media (max-width: 1020px) { .only-wide { display: none !important } .only-middle { display: block !important } }
@media (max-width: 680px) {
  main, footer { padding: 0 16px } body { font-size: 14.5px } section { margin-top: 40px }
  .only-middle { display: none !important } .only-narrow { display: block !important }
  .verdict { padding-top: 14px } h1 { border-left-width: 4px; padding-left: 12px; margin: 4px 0 10px } .sentence { font-size: 1rem }
  .facts { gap: 10px 24px } .claims .used { margin-left: 24px; width: 100% } .claims .used .bar { width: 90px }
  .timeline table, .timeline tbody { display: block } .timeline tr { display: grid; grid-template-columns: 5.2rem 1fr auto; gap: 0 8px } .timeline colgroup { display: none } .timeline .bars { grid-column: 1 / -1; grid-row: 2; padding-bottom: 5px } .timeline .number:not(.of) { text-align: right }
  .strip { display: flex; margin: 4px 0 0 16px }
  .reason > div { grid-template-columns: 4.9rem minmax(0, 1fr) }
}
`

const print = `
@media print {
  @page { margin: 14mm }
  body { background: #fff; font-size: 10pt } main, footer { max-width: none; padding: 0 }
  nav, .skip, .query, .files .file { display: none }
  .timeline, .panel, .objective, .claims > li, tr { break-inside: avoid } h2, h3 { break-after: avoid }
  section { margin-top: 8mm } .scroll { overflow: visible }
  details.layer::details-content, details.dashboard::details-content { content-visibility: visible; block-size: auto }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact }
}
`

/** Paper is white whatever the reader's screen is. */
export const style = `:root { color-scheme: light dark; ${declared('light')} }
@media screen and (prefers-color-scheme: dark) { :root { ${declared('dark')} } }
${base}${top}${chain}${claims}${drawings}${panels}${narrow}${print}`
