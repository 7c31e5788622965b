/** Time in UTC, as the console writes it. */
const utc = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const style = `:root{color-scheme:light dark;--bg:#f6f7f9;--surface:#fff;--text:#12161d;--dim:#434c5a;--line:#dfe3e9;--accent:#2747c2}
@media(prefers-color-scheme:dark){:root{--bg:#0e1116;--surface:#161b22;--text:#e9edf3;--dim:#b3bcc9;--line:#2a313c;--accent:#9db1ff}}
body{margin:0;background:var(--bg);color:var(--text);font:16px/1.5 Inter,system-ui,sans-serif}
header{padding:12px 16px;background:var(--surface);border-bottom:1px solid var(--line);font-weight:600}
main{max-width:36rem;margin:0 auto;padding:32px 16px}h1{margin:0 0 12px;font-size:1.5rem}p{margin:0 0 12px;color:var(--dim)}
a{display:inline-block;padding:10px 16px;border:1px solid var(--accent);border-radius:6px;color:var(--accent);font-weight:600;text-decoration:none}
a:focus-visible{outline:3px solid var(--accent);outline-offset:2px}`;

/**
 * The frame of the console where the server cannot be reached. It shows no incident: one of before
 * would look like one of now. `answeredAt`: when the server last answered this browser.
 */
export function offlinePage(answeredAt: number | undefined): string {
  const since =
    answeredAt === undefined ? 'This browser has no connection to Tocsin.' : `There is no answer since ${utc(answeredAt)}.`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>No connection - Tocsin</title><style>${style}</style></head><body><header>Tocsin</header><main><h1>No connection to Tocsin</h1>
<p>${since} What fires now is not known here, so nothing is shown.</p>
<p>If only this device has no network, Tocsin goes on judging, and pages you by your other contacts. If others cannot reach it either, Tocsin may be down.</p>
<p><a href="">Try again</a></p></main></body></html>`;
}

/** It has a style of its own and nothing else. */
export const offlineHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
};
