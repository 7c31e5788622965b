/** One style for all pages; small, without scripts, readable in light and dark. */
export const style = `
:root { color-scheme: light dark; --line: #8884; --dim: #777; --critical: #c5221f; --warn: #b06000; --good: #188038; --panel: #8881; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem 1.25rem 3rem; font: 15px/1.5 system-ui, sans-serif; }
header { display: flex; align-items: baseline; gap: 1rem; border-bottom: 1px solid var(--line); margin-bottom: 1rem; padding-bottom: .5rem; }
header a { font-weight: 700; text-decoration: none; color: inherit; font-size: 1.1rem; }
header span { color: var(--dim); }
h1 { font-size: 1.35rem; margin: .25rem 0; }
h2 { font-size: 1rem; margin: 1.75rem 0 .5rem; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 600; color: var(--dim); font-size: .85rem; }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.time { white-space: nowrap; font-variant-numeric: tabular-nums; color: var(--dim); }
a { color: #1a73e8; }
.badge { display: inline-block; padding: 0 .5rem; border-radius: 1rem; font-size: .8rem; font-weight: 600; color: #fff; white-space: nowrap; }
.critical { background: var(--critical); } .warn { background: var(--warn); } .resolved { background: var(--good); } .muted { background: var(--dim); } .past { background: none; box-shadow: inset 0 0 0 1px currentcolor; } .past.critical { color: var(--critical); } .past.warn { color: var(--warn); }
.state { color: var(--dim); white-space: nowrap; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .75rem 0; }
.facts dt { color: var(--dim); } .facts dd { margin: 0; }
form { display: inline; } .actions { margin: 1rem 0; display: flex; gap: .5rem; flex-wrap: wrap; }
button { font: inherit; padding: .35rem .9rem; border: 1px solid var(--line); border-radius: .35rem; background: var(--panel); color: inherit; cursor: pointer; }
button.first { background: #1a73e8; border-color: #1a73e8; color: #fff; }
.message { padding: .5rem .75rem; background: var(--panel); border-left: 3px solid #1a73e8; margin: 1rem 0; }
.dim { color: var(--dim); } .kind { white-space: nowrap; font-weight: 600; }
pre, code { background: var(--panel); border-radius: .25rem; } code { padding: 0 .25rem; } pre { padding: .6rem .8rem; overflow-x: auto; } pre code { padding: 0; background: none; }
article { max-width: 46rem; }
`;
