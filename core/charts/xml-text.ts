import { oneLine } from '../vocabulary/printable.ts';

const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * A text in an SVG. Labels and configs may hold anything; XML forbids control characters and
 * U+FFFE, U+FFFF.
 */
export const xmlText = (text: string): string =>
  oneLine(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"]/g, (sign) => signs[sign] as string);
