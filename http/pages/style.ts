/** One style for all pages: small, light and dark, readable on a phone at night. */
export const style = `
:root { color-scheme: light dark; background: Canvas; color: CanvasText; --line: #8884; --panel: #8881; --dim: #666; --link: #0b57d0; --critical: #b3261e; --warn: #8f5000; --good: #146c2e; --muted: #5f6368; }
@media (prefers-color-scheme: dark) { :root { --dim: #a0a0a0; --link: #8ab4f8; --critical: #f2837b; --warn: #f0b35a; --good: #81c995; --muted: #9aa0a6; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 1rem 1.25rem 3rem; font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
header { display: flex; align-items: baseline; gap: 1rem; border-bottom: 1px solid var(--line); margin-bottom: 1rem; padding-bottom: .5rem; }
header a { font-weight: 700; text-decoration: none; color: inherit; font-size: 1.1rem; }
header span { color: var(--dim); }
a { color: var(--link); }
h1 { font-size: 1.35rem; line-height: 1.3; margin: .25rem 0; }
h2 { font-size: 1rem; margin: 1.75rem 0 .5rem; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 600; color: var(--dim); font-size: .85rem; white-space: nowrap; }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th:last-child, td:last-child { padding-right: 0; }
td.time, td.kind, td.badges { white-space: nowrap; overflow-wrap: normal; }
td.time { font-variant-numeric: tabular-nums; color: var(--dim); }
td.kind { font-weight: 600; }
td.state { min-width: 7rem; color: var(--dim); }
td.who { min-width: 5rem; }
.badge { display: inline-block; padding: 0 .5rem; border-radius: 1rem; font-size: .8rem; font-weight: 600; white-space: nowrap; color: Canvas; background: var(--muted); }
.badge.critical { background: var(--critical); } .badge.warn { background: var(--warn); } .badge.resolved { background: var(--good); }
.badge.past { background: none; box-shadow: inset 0 0 0 1px currentcolor; } .badge.past.critical { color: var(--critical); } .badge.past.warn { color: var(--warn); }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .75rem 0; }
.facts dt { color: var(--dim); } .facts dd { margin: 0; }
.actions { margin: 1rem 0; display: flex; gap: .5rem; flex-wrap: wrap; align-items: flex-start; }
button, summary { font: inherit; padding: .35rem .9rem; border: 1px solid var(--line); border-radius: .35rem; background: var(--panel); color: inherit; cursor: pointer; }
button.first { background: var(--link); border-color: var(--link); color: Canvas; }
a.button { display: inline-block; padding: .35rem .9rem; border-radius: .35rem; text-decoration: none; } a.button.first { background: var(--link); color: Canvas; }
summary { list-style: none; } summary::-webkit-details-marker { display: none; }
.message { padding: .5rem .75rem; background: var(--panel); border-left: 3px solid var(--link); margin: 1rem 0; }
.dim { color: var(--dim); }
pre, code { background: var(--panel); border-radius: .25rem; font-size: .9em; } code { padding: 0 .25rem; } pre { padding: .6rem .8rem; overflow-x: auto; overflow-wrap: normal; } pre code { padding: 0; background: none; font-size: 1em; }
article { max-width: 46rem; }
.sign-in { max-width: 24rem; } .sign-in label { display: block; font-weight: 600; margin-top: 1rem; } .sign-in p { margin: .25rem 0 .75rem; }
.sign-in input { font: inherit; width: 100%; padding: .5rem .6rem; border: 1px solid var(--dim); border-radius: .35rem; background: Field; color: FieldText; }
.tap button { width: 100%; max-width: 24rem; min-height: 3rem; font-weight: 600; font-size: 1.1rem; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.lede { max-width: 60rem; }
.ladder .coming { color: var(--dim); }
img.chart { max-width: 100%; height: auto; }
@media (max-width: 40rem) {
  button, summary, input, select, a.button { min-height: 44px; }
  .sign-in button { width: 100%; }
  main > table, main > table tbody, main > table tr, main > table td { display: block; }
  main > table thead { display: none; }
  main > table tr { border-bottom: 1px solid var(--line); padding: .5rem 0; }
  main > table td { border: 0; padding: 0; }
}
`;
