import { createHash } from 'node:crypto'

export const pageStyle = `
:root { color-scheme: light dark; --ink: #1c2430; --quiet: #556070; --paper: #f6f7f9; --card: #ffffff; --line: #d5dae1;
  --accent: #0b5cad; --accent-ink: #ffffff; --good: #1c6b3c; --bad: #a3231f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --quiet: #9aa6b5; --paper: #12161c; --card: #1b212a;
  --line: #333d4a; --accent: #7db8f5; --accent-ink: #0d1a28; --good: #7fd6a2; --bad: #ff9b94; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 68rem; margin: 0 auto; padding: 1rem 1.25rem; }
h1 { margin: 0.5rem 0 0; font-size: 1.6rem; line-height: 1.2; }
h2 { margin: 0 0 0.25rem; font-size: 1.15rem; }
h3 { margin: 1rem 0 0.4rem; font-size: 0.95rem; }
p { margin: 0.25rem 0; }
.quiet { color: var(--quiet); }
.good { color: var(--good); }
.bad { color: var(--bad); }
form { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: end; margin-top: 1rem; }
label { display: grid; gap: 0.2rem; flex: 1 1 10rem; font-size: 0.85rem; color: var(--quiet); }
input, button { font: inherit; height: 2.5rem; padding: 0.25rem 0.6rem; border: 1px solid var(--line); border-radius: 0.4rem; }
input { width: 100%; min-width: 0; background: var(--card); color: var(--ink); }
button { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); font-weight: 600; cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.answers { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 1rem; margin-top: 1rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 0.6rem; padding: 1rem 1.1rem; min-width: 0; }
ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.4rem; }
li { border: 1px solid var(--line); border-radius: 0.4rem; padding: 0.15rem 0.5rem; font-variant-numeric: tabular-nums; }
.reasons { display: block; }
.reasons li { border: 0; padding: 0; overflow-wrap: anywhere; }
time { white-space: nowrap; }
code { font-size: 0.85em; overflow-wrap: anywhere; }
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
