import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { FirstAnswer, OpenedConsole } from '../console/opened.ts';
import { themeColors } from '../console/theme-colors.ts';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

type Page = {
  title: string;
  now: number;
  content: Html;
  /** Where scripts run, the console takes the page over. */
  console?: OpenedConsole | undefined;
  /** The content is not worth showing until the console is there. */
  bare?: boolean;
};

/**
 * A whole page, complete without scripts. The console hides it once it has something to show, and
 * then brings its own style.
 */
export function layout({ title, now, content, console: files, bare = false }: Page): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} - Tocsin</title>
${files !== undefined && bare ? '' : html`<link rel="stylesheet" href="/style.css" id="page-style">\n`}${
  files === undefined
    ? ''
    : html`<meta name="tocsin-now" content="${new Date(now).toISOString()}">
<link rel="icon" href="/console/${files.icon}">
<link rel="apple-touch-icon" href="/console/${files.icons.touch180}">
<link rel="manifest" href="/manifest.webmanifest">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="${themeColors.light}">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="${themeColors.dark}">
<link rel="stylesheet" href="/console/${files.style}" id="console-style"${bare ? '' : html` media="not all"`}>
${files.parts.map((name) => html`<link rel="modulepreload" href="/console/${name}">\n`)}<script type="module" src="/console/${files.script}"></script>`
}
</head>
<body>
<div id="page"${bare ? html` data-bare` : ''}>
<header><a href="/">Tocsin</a><span>${new Date(now).toISOString().slice(0, 16).replace('T', ' ')} UTC</span></header>
<main>${content}</main>
</div>
${files === undefined ? '' : files.answers.map(answer)}</body>
</html>`;
}

/** As data, which no browser runs. */
const answer = ({ address, tag, json }: FirstAnswer): Html =>
  html`<script type="application/json" data-answer="${address}" data-tag="${tag}">${raw(json.replaceAll('<', '\\u003c'))}</script>\n`;
