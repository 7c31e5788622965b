import { markupText } from '../vocabulary/markup.ts';
import { oneLine } from '../vocabulary/printable.ts';

/**
 * A text in an SVG. Labels and configs may hold anything; XML forbids control characters and
 * U+FFFE, U+FFFF.
 */
export const xmlText = (text: string): string => markupText(oneLine(text).replace(/[\ufffe\uffff]/g, '\ufffd'));
