import { oneLine } from '../../core/vocabulary/printable.ts';

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Text for a mrkdwn field: the three characters that Slack gives a meaning are escaped, so no label
 * can mention
 * @channel or make a link. Lines stay; what would turn the direction of text or act on a terminal
 * goes. The result is at most `max` UTF-16 units, never cut inside an entity or a character.
 */
export function mrkdwn(text: string, max: number): string {
  let out = '';
  let end = 0;
  for (const character of text.split('\n').map(oneLine).join('\n')) {
    const piece = entities[character] ?? character;
    if (out.length + piece.length > max) return `${out.slice(0, end)}…`;
    out += piece;
    // The last position where a cut leaves room for the ellipsis.
    if (out.length < max) end = out.length;
  }
  return out;
}

/** Plain text of at most `max` UTF-16 units on one line. */
export function plain(text: string, max: number): string {
  const line = oneLine(text).replace(/\s+/g, ' ').trim();
  if (line.length <= max) return line;
  let out = '';
  for (const character of line) {
    if (out.length + character.length > max - 1) break;
    out += character;
  }
  return `${out}…`;
}

/** A link; characters that would end it early are percent-encoded. */
export function link(url: string, text: string): string {
  const safe = url.replace(/[<>|\s]/g, (character) => encodeURIComponent(character)).replace(/&/g, '&amp;');
  return `<${safe}|${mrkdwn(text, 100)}>`;
}
