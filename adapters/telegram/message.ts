import type { DigestMessage } from '../../app/ports/channel.ts';
import { describeState } from '../../core/response/paging/describe.ts';
import { fittedEscaped } from '../../core/response/paging/fitted.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { pressLinks } from '../../core/response/paging/press-links.ts';
import { digest } from '../../core/vocabulary/fingerprint.ts';
import { oneLine } from '../../core/vocabulary/printable.ts';
import { isPublicUrl } from '../../core/vocabulary/public-url.ts';
import { cut, cutBytes } from '../../core/vocabulary/text.ts';

/** A message has 4,096 characters once its HTML is read, title and last line included. */
const maxTextBytes = 3200;
const maxTitle = 250;

type Button = { text: string; url: string };

/** What sendMessage and editMessageText take, without the chat. */
export type TelegramMessage = {
  text: string;
  parse_mode: 'HTML';
  link_preview_options: { is_disabled: true } | { url: string; prefer_large_media: true };
  reply_markup?: { inline_keyboard: Button[][] };
};

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '@': '@\u200b' };

/** No label is markup, and none mentions anybody: a space without width follows each `@`. */
const html = (text: string): string => text.replace(/[&<>@]/g, (sign) => entities[sign] ?? sign);

const titled = (text: string): string => html(cut(oneLine(text), maxTitle).toWellFormed());

/** Telegram drops no repeats. It shows that two messages are one page. */
const lastLine = (key: string | undefined): string => (key === undefined ? '' : `\n\n<i>page ${digest(key, 12)}</i>`);

/** `key`: the effect's id; an update has none. */
export function pageMessage(page: Page, key?: string): TelegramMessage {
  const { acknowledgeUrl, chart } = page;
  // Telegram refuses a whole message for a button that leads to a private name.
  const buttons = pressLinks(page).filter(({ url }) => isPublicUrl(url));
  const hasButton = buttons.some(({ url }) => url === acknowledgeUrl);
  const shown = { ...page, ...(hasButton ? { acknowledgeUrl: undefined } : {}), chart: undefined };
  const text = fittedEscaped(shown, maxTextBytes, html);
  return {
    text: `<b>${titled(describeState(page))}: ${titled(page.title)}</b>\n\n${text}${lastLine(key)}`,
    parse_mode: 'HTML',
    link_preview_options: chart?.isPublic ? { url: chart.url, prefer_large_media: true } : { is_disabled: true },
    ...(buttons.length === 0 ? {} : { reply_markup: { inline_keyboard: buttons.map((button) => [button]) } }),
  };
}

export const digestMessage = ({ title, lines, url }: DigestMessage, key: string): TelegramMessage => ({
  text: `<b>${titled(title)}</b>\n\n${html(cutBytes(lines.map(oneLine).join('\n'), maxTextBytes))}\n\n${html(url)}${lastLine(key)}`,
  parse_mode: 'HTML',
  link_preview_options: { is_disabled: true },
});
