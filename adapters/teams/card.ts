import type { DigestMessage } from '../../app/ports/channel.ts';
import { describeState } from '../../core/response/paging/describe.ts';
import { fittedText } from '../../core/response/paging/fitted.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { pressLinks } from '../../core/response/paging/press-links.ts';
import { oneLine } from '../../core/vocabulary/printable.ts';
import { cut, cutBytes } from '../../core/vocabulary/text.ts';

/**
 * A message may have 28 kB. Quotes and backslashes take two bytes, and each line brings some 60 of
 * its own.
 */
const maxTextBytes = 9000;
const maxLines = 80;
const maxTitle = 300;

type Colour = 'attention' | 'warning' | 'good' | 'default';
type Inline = { type: 'TextRun'; text: string; weight?: 'bolder'; size?: 'large'; color?: Colour };
type Element =
  | { type: 'RichTextBlock'; id?: string; spacing?: 'none'; inlines: Inline[] }
  | { type: 'Image'; url: string; altText: string };
type Action = { type: 'Action.OpenUrl'; title: string; url: string };

/** What a workflow "when a webhook request is received" takes: one Adaptive Card of version 1.4. */
export type TeamsMessage = {
  type: 'message';
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive';
      contentUrl: null;
      content: {
        $schema: 'http://adaptivecards.io/schemas/adaptive-card.json';
        type: 'AdaptiveCard';
        version: '1.4';
        fallbackText: string;
        msteams: { width: 'Full' };
        body: Element[];
        actions: Action[];
      };
    },
  ];
};

function colourOf({ status, severity }: Page): Colour {
  if (status === 'resolved') return 'good';
  return severity === 'critical' ? 'attention' : 'warning';
}

/** Text runs show their text as it is; text blocks would read it as Markdown, links included. */
const line = (text: string): Element => ({ type: 'RichTextBlock', spacing: 'none', inlines: [{ type: 'TextRun', text }] });

const open = (title: string, url: string): Action => ({ type: 'Action.OpenUrl', title, url });

const linesOf = (text: string): Element[] =>
  text
    .split('\n')
    .filter((one) => one.trim() !== '')
    .slice(0, maxLines)
    .map(line);

/**
 * A page as a card: the state in its colour, what every page says, the chart, and links to press.
 * `id`: of this page alone.
 */
export function pageCard(page: Page, id: string): TeamsMessage {
  const { chart } = page;
  const title = cut(oneLine(page.title), maxTitle).toWellFormed();
  const state = cut(oneLine(describeState(page)), maxTitle).toWellFormed();
  const head: Inline[] = [
    { type: 'TextRun', text: `${state}: `, weight: 'bolder', size: 'large', color: colourOf(page) },
    { type: 'TextRun', text: title, weight: 'bolder', size: 'large' },
  ];
  // Links and chart are shown as such.
  const text = fittedText({ ...page, acknowledgeUrl: undefined, chart: undefined }, maxTextBytes, { title: false });
  return message(
    `${state}: ${title}`,
    [
      { type: 'RichTextBlock', id, inlines: head },
      ...linesOf(text),
      // The servers of Teams fetch it.
      ...(chart?.isPublic ? [{ type: 'Image', url: chart.url, altText: oneLine(chart.alt) } as const] : []),
    ],
    pressLinks(page).map(({ text, url }) => open(text, url)),
  );
}

export function digestCard({ title, lines, url }: DigestMessage, id: string): TeamsMessage {
  const head: Inline = { type: 'TextRun', text: cut(oneLine(title), maxTitle).toWellFormed(), weight: 'bolder', size: 'large' };
  const text = cutBytes(lines.map(oneLine).join('\n'), maxTextBytes);
  return message(head.text, [{ type: 'RichTextBlock', id, inlines: [head] }, ...linesOf(text)], [open('Tocsin', url)]);
}

const message = (fallbackText: string, body: Element[], actions: Action[]): TeamsMessage => ({
  type: 'message',
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      contentUrl: null,
      content: {
        $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
        type: 'AdaptiveCard',
        version: '1.4',
        fallbackText,
        msteams: { width: 'Full' },
        body,
        actions,
      },
    },
  ],
});
