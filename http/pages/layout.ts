import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** A whole page. With `refreshSeconds` the browser reloads it: there are no scripts. */
export function layout(options: { title: string; now: number; content: Html; refreshSeconds?: number | undefined }): Html {
  const { title, now, content, refreshSeconds } = options;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refreshSeconds === undefined ? '' : html`<meta http-equiv="refresh" content="${refreshSeconds}">`}
<title>${title} - Tocsin</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><a href="/">Tocsin</a><span>${new Date(now).toISOString().slice(0, 16).replace('T', ' ')} UTC</span></header>
<main>${content}</main>
</body>
</html>`;
}
