import type { DigestMessage } from '../../app/ports/channel.ts';
import { describeState } from '../../core/response/paging/describe.ts';
import { fittedEscaped } from '../../core/response/paging/fitted.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { pressLinks } from '../../core/response/paging/press-links.ts';
import { digest } from '../../core/vocabulary/fingerprint.ts';
import { oneLine } from '../../core/vocabulary/printable.ts';
import { cut, cutBytes } from '../../core/vocabulary/text.ts';
import { markdownLink, plainMarkdown } from '../plain-markdown.ts';

/** Of 2,000 characters of content; an escape doubles some. */
const maxTitle = 300;
/** A description has 4,096 characters, and all embeds of a message 6,000. */
const maxDescription = 4096;

type Embed = { description: string; color: number; image?: { url: string }; footer?: { text: string } };

/** What a webhook of Discord takes. `content` is what a phone shows of it. */
export type DiscordMessage = { content: string; embeds: [Embed]; allowed_mentions: { parse: [] } };

const red = 0xd92d20;
const amber = 0xf59e0b;
const green = 0x16a34a;
const grey = 0x64748b;

function colourOf({ status, severity }: Page): number {
  if (status === 'resolved') return green;
  return severity === 'critical' ? red : amber;
}

const titled = (text: string): string => plainMarkdown(cut(oneLine(text), maxTitle).toWellFormed());

/** Discord drops no repeats. It shows that two messages are one page. */
const footerOf = (key: string | undefined) => (key === undefined ? {} : { footer: { text: `page ${digest(key, 12)}` } });

/** `key`: the effect's id; an update has none. */
export function pageMessage(page: Page, key?: string): DiscordMessage {
  const { chart } = page;
  const links = pressLinks(page)
    .map(({ text, url }) => markdownLink(text, url))
    .join(' · ');
  const room = maxDescription - links.length - 2;
  const text = fittedEscaped({ ...page, acknowledgeUrl: undefined, chart: undefined }, room, plainMarkdown);
  return {
    content: `**${titled(describeState(page))}**: ${titled(page.title)}`,
    embeds: [
      {
        description: `${links}\n\n${text}`,
        color: colourOf(page),
        ...(chart?.isPublic ? { image: { url: chart.url } } : {}),
        ...footerOf(key),
      },
    ],
    allowed_mentions: { parse: [] },
  };
}

export const digestMessage = ({ title, lines, url }: DigestMessage, key: string): DiscordMessage => ({
  content: `**${titled(title)}**`,
  embeds: [
    {
      // An escape doubles at most, and the link has room.
      description: `${plainMarkdown(cutBytes(lines.map(oneLine).join('\n'), 1800))}\n\n${url}`,
      color: grey,
      ...footerOf(key),
    },
  ],
  allowed_mentions: { parse: [] },
});
