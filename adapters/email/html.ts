import { describeState } from '../../core/response/paging/describe.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { markupText } from '../../core/vocabulary/markup.ts';
import { oneLine } from '../../core/vocabulary/printable.ts';
import { cut } from '../../core/vocabulary/text.ts';

const maxTitle = 300;

/** Each is read on white and on black: mail programs in dark mode change what they like. */
const colours = { critical: '#d32f2f', warn: '#b26a00', over: '#2e7d32' } as const;

const colourOf = ({ status, severity }: Page): string => (status === 'resolved' ? colours.over : colours[severity]);

const link = (url: string, text: string): string => `<a href="${markupText(url)}">${markupText(text)}</a>`;

const button = (url: string, text: string): string =>
  `<a href="${markupText(url)}" style="display:inline-block;padding:10px 18px;border:2px solid currentColor;border-radius:6px;font-weight:bold;text-decoration:none">${markupText(text)}</a>`;

/**
 * The page as HTML: the state, what to press, the chart, then `text`. No script and no style sheet;
 * no background, so that dark mode keeps contrast. Only the chart is fetched, and has its words
 * beside it.
 */
export function htmlOf(page: Page, text: string): string {
  const { acknowledgeUrl, runbookUrl, incidentUrl, chart } = page;
  const links = [
    ...(acknowledgeUrl === undefined ? [] : [button(acknowledgeUrl, 'Acknowledge')]),
    link(incidentUrl, 'Incident and timeline'),
    ...(runbookUrl === undefined ? [] : [link(runbookUrl, 'Runbook')]),
  ].join(' &nbsp; ');
  const image =
    chart === undefined
      ? ''
      : `<p><img src="${markupText(chart.url)}" alt="${markupText(oneLine(chart.alt))}" width="640" style="max-width:100%;height:auto"></p>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"></head>
<body style="font-family:sans-serif;font-size:15px;line-height:1.4">
<h1 style="font-size:18px;margin:0 0 12px"><span style="color:${colourOf(page)}">${markupText(oneLine(describeState(page)))}</span><br>${markupText(cut(oneLine(page.title), maxTitle).toWellFormed())}</h1>
<p>${links}</p>${image}
<div style="white-space:pre-wrap;overflow-wrap:anywhere">${linked(text)}</div>
</body></html>
`;
}

/** Escaped text, with its addresses as links. */
const linked = (text: string): string =>
  text
    .split(/(https?:\/\/[^\s<>"']+)/)
    .map((part, index) => (index % 2 === 1 ? link(part, part) : markupText(part)))
    .join('');
