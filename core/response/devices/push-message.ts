import type { PushMessage } from '../../vocabulary/push-message.ts';
import { describeState, pageLines } from '../paging/describe.ts';
import type { Page } from '../paging/page.ts';

/** Push services take 4,096 bytes, encrypted, with headers (RFC 8030, 7.2). */
const maxBytes = 3600;
const maxTitle = 150;

type Digest = { title: string; lines: readonly string[]; url: string; at: number };

/** A page for a lock screen: what and how bad first, then all that fits. */
export const pageMessage = (page: Page, key: string): PushMessage =>
  fitting({
    v: 1,
    kind: 'page',
    key,
    title: `${describeState(page)}: ${page.title}`,
    // Its links are no text here: they are a button, and a picture.
    body: pageLines({ ...page, acknowledgeUrl: undefined, chart: undefined })
      .slice(1)
      .join('\n')
      .trim(),
    tag: page.incidentId,
    path: pathOf(page.incidentUrl),
    at: page.at,
    urgent: page.severity === 'critical' && page.status !== 'acknowledged' && page.status !== 'resolved',
    ...(page.acknowledgeUrl !== undefined && { acknowledge: pathOf(page.acknowledgeUrl) }),
    ...(page.chart !== undefined && { image: pathOf(page.chart.url) }),
  });

export const digestMessage = ({ title, lines, url, at }: Digest, key: string): PushMessage =>
  fitting({
    v: 1,
    kind: 'digest',
    key,
    title,
    body: [...lines, url].join('\n'),
    tag: 'digest',
    path: pathOf(url),
    at,
    urgent: false,
  });

export const testMessage = (name: string, at: number): PushMessage =>
  fitting({
    v: 1,
    kind: 'test',
    key: `test ${at}`,
    title: 'TEST: pages reach this device',
    body: `${name} takes pages of Tocsin. Nothing is wrong.`,
    tag: 'test',
    path: '/settings',
    at,
    urgent: false,
  });

function pathOf(url: string): string {
  if (!URL.canParse(url)) return '/';
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}

/** Cuts the body so that the whole message fits, as JSON. */
function fitting(message: PushMessage): PushMessage {
  const title = [...message.title.toWellFormed()].slice(0, maxTitle).join('');
  const bare = { ...message, title, body: '' };
  const body = message.body.toWellFormed();
  const room = maxBytes - bytesOf(bare);
  if (bytesOf(body) - 2 <= room) return { ...bare, body };
  const ends = ' …';
  let left = room - bytesOf(ends);
  let cut = '';
  for (const sign of body) {
    left -= bytesOf(sign) - 2;
    if (left < 0) break;
    cut += sign;
  }
  return { ...bare, body: `${cut}${ends}` };
}

const encoder = new TextEncoder();
const bytesOf = (value: unknown): number => encoder.encode(JSON.stringify(value)).length;
