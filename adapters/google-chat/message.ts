import type { DigestMessage } from '../../app/ports/channel.ts';
import { describeState } from '../../core/response/paging/describe.ts';
import { fittedEscaped } from '../../core/response/paging/fitted.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { type PressLink, pressLinks } from '../../core/response/paging/press-links.ts';
import { digest } from '../../core/vocabulary/fingerprint.ts';
import { oneLine } from '../../core/vocabulary/printable.ts';
import { cut, cutBytes } from '../../core/vocabulary/text.ts';

/** A message has 32,000 bytes of JSON, in which a quote or backslash takes two. */
const maxTextBytes = 12_000;
const maxTitle = 300;
/** The most that one character grows by: `&` is `&amp;`. */
const growth = 5;

type Widget =
  | { textParagraph: { text: string } }
  | { image: { imageUrl: string; altText: string } }
  | { buttonList: { buttons: { text: string; onClick: { openLink: { url: string } } }[] } };

/** What a webhook of a space takes. `fallbackText` is plain, and what a phone shows of it. */
export type GoogleChatMessage = {
  fallbackText: string;
  cardsV2: [{ cardId: string; card: { sections: { widgets: Widget[] }[] } }];
  thread?: { threadKey: string };
};

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Cards read a few tags, links among them; mentions are of messages without a card. */
const html = (text: string): string => text.replace(/[&<>]/g, (sign) => entities[sign] ?? sign);

const short = (text: string): string => cut(oneLine(text), maxTitle).toWellFormed();

function colourOf({ status, severity }: Page): string {
  if (status === 'resolved') return '#16a34a';
  return severity === 'critical' ? '#d92d20' : '#b45309';
}

const paragraph = (text: string): Widget => ({ textParagraph: { text } });
const buttons = (links: readonly PressLink[]): Widget => ({
  buttonList: { buttons: links.map(({ text, url }) => ({ text, onClick: { openLink: { url } } })) },
});

/** A page as a card in the thread of its incident. `key`: the effect's id. */
export function pageMessage(page: Page, key: string): GoogleChatMessage {
  const { chart } = page;
  const state = short(describeState(page));
  const title = short(page.title);
  const text = fittedEscaped({ ...page, acknowledgeUrl: undefined, chart: undefined }, maxTextBytes, html);
  return {
    ...card(key, `${state}: ${title}`, [
      paragraph(`<b><font color="${colourOf(page)}">${html(state)}</font>: ${html(title)}</b>`),
      buttons(pressLinks(page)),
      paragraph(text),
      ...(chart?.isPublic ? [{ image: { imageUrl: chart.url, altText: short(chart.alt) } }] : []),
    ]),
    thread: { threadKey: digest(page.incidentUrl, 32) },
  };
}

export const digestMessage = ({ title, lines, url }: DigestMessage, key: string): GoogleChatMessage =>
  card(key, short(title), [
    paragraph(`<b>${html(short(title))}</b>`),
    paragraph(html(cutBytes(lines.map(oneLine).join('\n'), Math.floor(maxTextBytes / growth)))),
    buttons([{ text: 'Tocsin', url }]),
  ]);

const card = (key: string, fallbackText: string, widgets: Widget[]): GoogleChatMessage => ({
  // Text of Chat has no escapes, and `<users/all>` in it would mention everybody.
  fallbackText: fallbackText.replaceAll('<', '‹').replaceAll('>', '›'),
  cardsV2: [{ cardId: digest(key, 32), card: { sections: [{ widgets }] } }],
});
