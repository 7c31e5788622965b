import { oneLine } from '../../vocabulary/printable.ts';
import { bytesOf, cut, cutBytes } from '../../vocabulary/text.ts';
import { linkLines, pageLines } from './describe.ts';
import type { Page } from './page.ts';

/** One label or reason of thousands of characters would push all else out of a message. */
const maxLine = 1000;

const plain = (line: string): string => cut(oneLine(line), maxLine).toWellFormed();

/**
 * The page as plain text of at most `maxBytes` of UTF-8, for media with a limit. What does not fit
 * is cut before the links, which stay. Each line is free of control characters.
 */
export function fittedText(page: Page, maxBytes: number, { title = true } = {}): string {
  const links = linkLines(page).map(plain).join('\n');
  const lines = pageLines(page).slice(title ? 0 : 1, -linkLines(page).length);
  const above = lines.map(plain).join('\n').trim();
  return `${cutBytes(above, maxBytes - bytesOf(links) - 2)}\n\n${links}`;
}

/**
 * The page as `fittedText`, escaped for a medium, with at most `maxBytes` after that; never cut
 * inside an escape.
 */
export function fittedEscaped(page: Page, maxBytes: number, escaped: (text: string) => string): string {
  let bytes = maxBytes;
  for (;;) {
    const text = escaped(fittedText(page, bytes, { title: false }));
    const over = bytesOf(text) - maxBytes;
    if (over <= 0) return text;
    // Links alone are too long: they are shown otherwise, too.
    if (bytes <= 0) return escaped(cutBytes(fittedText(page, 0, { title: false }), Math.floor(maxBytes / 6)));
    bytes -= Math.max(over, 100);
  }
}
