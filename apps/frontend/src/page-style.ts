import { createHash } from 'node:crypto'

/** One style for every page: light and dark, from 320 px on. Nothing moves, so there is nothing to reduce. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1b2430; --quiet: #525e6d; --paper: #f4f6f8; --card: #ffffff; --line: #d9dfe6;
  --edge: #7a8696; --accent: #0b5cad; --accent-ink: #ffffff; --band: #eaeff4;
  --good: #17613a; --good-paper: #e9f5ee; --bad: #9c1f1b; --bad-paper: #fdeeed; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --quiet: #a3aebc; --paper: #11151b; --card: #1a2029;
  --line: #303946; --edge: #76849a; --accent: #8abff7; --accent-ink: #0b1826; --band: #222a35;
  --good: #86d9a8; --good-paper: #14291e; --bad: #ffa39c; --bad-paper: #331a1a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 72rem; margin: 0 auto; padding: 0 clamp(1rem, 4vw, 2rem); }
header { padding-top: 1.75rem; }
main { padding-top: 1.25rem; }
footer { padding-top: 1.5rem; padding-bottom: 2rem; font-size: 0.85rem; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; letter-spacing: -0.01em; }
h2 { margin: 0; font-size: 1.25rem; line-height: 1.3; overflow-wrap: anywhere; }
p { margin: 0.25rem 0; }
a { color: var(--accent); }
code { font-size: 0.9em; overflow-wrap: anywhere; }
.quiet, .hint { color: var(--quiet); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 0.25rem; }
.skip { position: absolute; left: 0.5rem; top: 0.5rem; padding: 0.5rem 0.75rem; border-radius: 0.4rem;
  background: var(--card); }
.skip:not(:focus) { clip-path: inset(50%); height: 1px; width: 1px; padding: 0; overflow: hidden; white-space: nowrap; }

form { display: grid; grid-template-columns: minmax(0, 1fr) 10rem 10rem 9rem auto; column-gap: 1rem; row-gap: 0.75rem; align-items: start;
  padding: 1.1rem 1.25rem 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 0.6rem; }
.field { min-width: 0; }
label { display: block; margin-bottom: 0.25rem; font-size: 0.9rem; font-weight: 600; }
.hint { margin-top: 0.35rem; font-size: 0.85rem; }
input, select, button { width: 100%; min-width: 0; height: 2.75rem; padding: 0 0.65rem; font: inherit; color: var(--ink);
  background: var(--card); border: 1px solid var(--edge); border-radius: 0.4rem; }
select { text-overflow: ellipsis; }
button { margin-top: 1.6rem; padding: 0 1.1rem; background: var(--accent); border-color: var(--accent);
  color: var(--accent-ink); font-weight: 600; white-space: nowrap; cursor: pointer; }
[aria-invalid] { border: 2px solid var(--bad); }
.error { margin-top: 0.35rem; font-size: 0.9rem; color: var(--bad); overflow-wrap: anywhere; }
.error span { display: block; }

.box { margin-top: 1rem; padding: 0.7rem 1.1rem; border: 1px solid; border-left-width: 0.3rem; border-radius: 0.4rem;
  overflow-wrap: anywhere; }
.box h2 { font-size: 1.05rem; }
.box ul { margin: 0.25rem 0; padding-left: 1.2rem; }
.box + form { margin-top: 1rem; }
.good { border-color: var(--good); background: var(--good-paper); }
.bad { border-color: var(--bad); background: var(--bad-paper); }
.plain { border-color: var(--edge); background: var(--card); }
.good strong { color: var(--good); }
.bad strong, .bad h2 { color: var(--bad); }
search .box { margin-top: 0; }
#answer { margin-top: 0.25rem; }

section { margin-top: 1.5rem; }
.specialty { margin-left: 0.6rem; font-size: 1rem; font-weight: 400; color: var(--quiet); }
table { width: 100%; margin-top: 0.75rem; border-collapse: separate; border-spacing: 0; table-layout: fixed;
  background: var(--card); border: 1px solid var(--line); border-radius: 0.6rem; }
th, td { padding: 0.6rem 0.9rem; text-align: left; vertical-align: top; font-weight: 400; }
thead th { position: sticky; top: 0; background: var(--card); font-weight: 600; border-bottom: 1px solid var(--line);
  border-radius: 0.6rem 0.6rem 0 0; }
thead .quiet { display: block; font-size: 0.85rem; font-weight: 400; }
.unit-head { width: 8rem; }
.day th { padding-block: 0.35rem; background: var(--band); font-weight: 600; }
tbody tr + tr + tr > * { border-top: 1px solid var(--line); }
tbody th[scope=row] { overflow-wrap: anywhere; }
tbody:last-child tr:last-child > :first-child { border-bottom-left-radius: 0.6rem; }
.slots { display: grid; grid-template-columns: repeat(auto-fill, minmax(3.75rem, 1fr)); gap: 0.4rem; align-items: start;
  margin: 0; padding: 0; list-style: none; }
.slots li { padding: 0.1rem 0; border: 1px solid var(--line); border-radius: 0.35rem; text-align: center;
  font-variant-numeric: tabular-nums; }
.slots .only, .slots .missing { border-color: var(--bad); background: var(--bad-paper); color: var(--bad); }
.slots .missing { border-style: dashed; }
.slots .missing time { text-decoration: line-through; }
.slots small { display: block; font-size: 0.72rem; line-height: 1.2; white-space: nowrap; }
.tag { display: inline-block; white-space: nowrap; margin-left: 0.5rem; padding: 0.05rem 0.5rem; border: 1px solid var(--bad); border-radius: 1rem; color: var(--bad);
  background: var(--bad-paper); font-size: 0.8rem; font-weight: 400; }
nav { display: flex; justify-content: space-between; margin-top: 1rem; }
nav a { padding: 0.35rem 0; }

@media (max-width: 62rem) {
  form { grid-template-columns: 1fr 1fr 1fr; }
  .professional_id, button { grid-column: 1 / -1; }
  button { justify-self: start; width: auto; margin-top: 0.25rem; }
}
@media (max-width: 34rem) {
  h1 { font-size: 1.5rem; }
  .specialty { display: block; margin-left: 0; }
  form { grid-template-columns: 1fr 1fr; padding: 0.9rem 1rem 1rem; }
  .unit_id { grid-column: 1 / -1; }
  button { justify-self: stretch; }
  table, thead, tbody { display: block; }
  tr { display: grid; grid-template-columns: 1fr 1fr; }
  table.of-1 tr { grid-template-columns: 1fr; }
  thead { position: sticky; top: 0; }
  thead th, .day th { border-radius: 0; }
  .day th { display: flex; flex-wrap: wrap; align-items: center; gap: 0.1rem 0.6rem; }
  .tag { margin-left: 0; }
  thead tr > :nth-child(2) { border-top-left-radius: 0.6rem; }
  thead tr > :last-child { border-top-right-radius: 0.6rem; }
  .unit-head { display: none; }
  th, td { padding-inline: 0.75rem; }
  .day th, tbody th[scope=row] { grid-column: 1 / -1; }
  tbody th[scope=row] { padding-bottom: 0; color: var(--quiet); font-size: 0.9rem; }
  tbody tr + tr + tr > td { border-top: 0; }
}
@media (max-width: 23rem) {
  form { grid-template-columns: 1fr; }
}
@media print { .skip, search, nav { display: none; } thead th { position: static; } }
`

/** The page runs no script, loads nothing and is framed nowhere; its one style is named by its hash. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(pageStyle).digest('base64')}'`,
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')
