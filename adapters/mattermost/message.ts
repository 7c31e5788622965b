import type { DigestMessage } from '../../app/ports/channel.ts';
import { describeState } from '../../core/response/paging/describe.ts';
import { fittedEscaped } from '../../core/response/paging/fitted.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { pressLinks } from '../../core/response/paging/press-links.ts';
import { digest } from '../../core/vocabulary/fingerprint.ts';
import { oneLine } from '../../core/vocabulary/printable.ts';
import { cut, cutBytes } from '../../core/vocabulary/text.ts';
import { markdownLink, plainMarkdown } from '../plain-markdown.ts';

/** A post has 16,383 characters, and its attachments are held to about as much. */
const maxTextBytes = 12_000;
const maxTitle = 300;

type Attachment = { fallback: string; color: string; text: string; image_url?: string };

/** What an incoming webhook of Mattermost takes. `props` is kept with the post and not shown. */
export type MattermostMessage = { text: string; attachments: [Attachment]; props: { tocsin_page: string } };

function colourOf({ status, severity }: Page): string {
  if (status === 'resolved') return '#16a34a';
  return severity === 'critical' ? '#d92d20' : '#f59e0b';
}

const titled = (text: string): string => plainMarkdown(cut(oneLine(text), maxTitle).toWellFormed());
const propsOf = (key: string) => ({ tocsin_page: digest(key, 32) });

export function pageMessage(page: Page, key: string): MattermostMessage {
  const { chart } = page;
  const title = `**${titled(describeState(page))}**: ${titled(page.title)}`;
  const links = pressLinks(page)
    .map(({ text, url }) => markdownLink(text, url))
    .join(' · ');
  const text = fittedEscaped({ ...page, acknowledgeUrl: undefined, chart: undefined }, maxTextBytes, plainMarkdown);
  return {
    text: title,
    attachments: [
      {
        fallback: title,
        color: colourOf(page),
        text: `${links}\n\n${text}`,
        // The server fetches it; one of a company may reach what others do not.
        ...(chart === undefined ? {} : { image_url: chart.url }),
      },
    ],
    props: propsOf(key),
  };
}

export function digestMessage({ title, lines, url }: DigestMessage, key: string): MattermostMessage {
  const text = plainMarkdown(cutBytes(lines.map(oneLine).join('\n'), maxTextBytes / 3));
  const head = `**${titled(title)}**`;
  return {
    text: head,
    attachments: [{ fallback: head, color: '#64748b', text: `${text}\n\n${url}` }],
    props: propsOf(key),
  };
}
