import { counted } from '../../vocabulary/counted.ts';
import { oneLine } from '../../vocabulary/printable.ts';
import { withoutAccents } from '../../vocabulary/text.ts';
import { describeNumbers, describeState } from './describe.ts';
import type { Page } from './page.ts';

/** GSM 03.38, 6.2.1: these cost one of 160 characters, those of the extension two. */
const basic = new Set(
  '@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà\n\r',
);
const extension = new Set('^{}\\[~]|€');

/** Signs that a phone's alphabet lacks and that mean the same as another one. */
const plainer: Readonly<Record<string, string>> = {
  ...{ '’': "'", '‘': "'", '“': '"', '”': '"', '„': '"', '–': '-', '—': '-', '…': '...', '→': '->', '≥': '>=', '≤': '<=' },
  '\u00a0': ' ',
};

const costOf = (sign: string): number | undefined => (basic.has(sign) ? 1 : extension.has(sign) ? 2 : undefined);

/**
 * In the alphabet of a phone, without accents that it lacks; undefined where letters would be lost.
 */
function inGsm(text: string): string | undefined {
  let out = '';
  for (const sign of text.normalize('NFC')) {
    const bare = costOf(sign) === undefined ? (plainer[sign] ?? withoutAccents(sign)) : sign;
    if ([...bare].some((one) => costOf(one) === undefined)) return undefined;
    out += bare;
  }
  return out;
}

/** How long a text is in its encoding: septets of GSM, or UTF-16 units. */
const lengthOf = (text: string, isGsm: boolean): number =>
  isGsm ? [...text].reduce((sum, sign) => sum + (costOf(sign) ?? 0), 0) : text.length;

/** In one part, and in each of several, which carry a header. */
const room = { gsm: [160, 153], ucs2: [70, 67] } as const;

/** How many messages a text is billed as. */
export function smsSegments(text: string): number {
  const isGsm = inGsm(text) === text;
  const [one, each] = room[isGsm ? 'gsm' : 'ucs2'];
  const length = lengthOf(text, isGsm);
  return length <= one ? 1 : Math.ceil(length / each);
}

/** Of what stands before the link, at least: a state and some words. */
const leastHead = 80;

/**
 * A page as a text message: state, title, numbers, then one link: the one that acknowledges, whose
 * page leads on, or else the incident's. One part of 160 characters if the link leaves room for it.
 * Text that needs other letters than a phone's alphabet has parts of 70.
 */
export function smsText(page: Page): string {
  const link = page.acknowledgeUrl ?? page.incidentUrl;
  const [worst] = page.alerts;
  const numbers = worst === undefined ? '' : describeNumbers(worst);
  const others = page.held.length === 0 ? '' : ` (+${counted(page.held.length, 'other page')})`;
  return fitted([`${describeState(page)}${others}: ${page.title}`, numbers].filter((part) => part !== '').join(': '), link);
}

/** `text` cut so that it and the link fill the parts that they begin. */
export function fitted(text: string, link: string): string {
  const line = oneLine(text).replace(/\s+/g, ' ').trim();
  const gsm = inGsm(line);
  const isGsm = gsm !== undefined && inGsm(link) === link;
  const [one, each] = room[isGsm ? 'gsm' : 'ucs2'];
  const needed = lengthOf(link, isGsm) + 1 + leastHead;
  const most = (needed <= one ? one : Math.ceil(needed / each) * each) - lengthOf(link, isGsm) - 1;
  return `${cutTo(isGsm ? gsm : line, most, isGsm)} ${link}`;
}

function cutTo(text: string, most: number, isGsm: boolean): string {
  if (lengthOf(text, isGsm) <= most) return text;
  const ends = '...';
  let left = most - ends.length;
  let out = '';
  for (const sign of text) {
    left -= lengthOf(sign, isGsm);
    if (left < 0) break;
    out += sign;
  }
  return `${out.trimEnd()}${ends}`;
}
