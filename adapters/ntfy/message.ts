import type { DigestMessage } from '../../app/ports/channel.ts';
import { describeState } from '../../core/response/paging/describe.ts';
import { fittedText } from '../../core/response/paging/fitted.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { callsForSomebody } from '../../core/response/paging/posted.ts';
import { digest } from '../../core/vocabulary/fingerprint.ts';
import { oneLine } from '../../core/vocabulary/printable.ts';
import { cut, cutBytes } from '../../core/vocabulary/text.ts';

/** ntfy makes an attachment of a message over 4,096 bytes, which no lock screen shows. */
const maxBytes = 4000;
const maxTitle = 200;

/** 5 passes a phone's do-not-disturb where its owner allows that; 2 makes no sound. */
type Priority = 2 | 3 | 4 | 5;

/** `http`: the phone asks the address itself, with nothing to see but whether it worked. */
export type NtfyAction =
  | { action: 'view'; label: string; url: string }
  | { action: 'http'; label: string; url: string; method: 'POST'; clear: true };

/** What ntfy takes as JSON (docs.ntfy.sh/publish), without the topic. */
export type NtfyMessage = {
  title: string;
  message: string;
  priority: Priority;
  tags: string[];
  click: string;
  actions?: NtfyAction[];
  /** An address that the phone shows the picture of. */
  attach?: string;
  /** A later message with the same one replaces it (ntfy 2.16 and newer). */
  sequence_id: string;
};

/** The same effect always has the same one. ntfy takes 64 letters and digits. */
export const sequenceOf = (key: string): string => digest(key, 32);

function tagOf({ status, severity }: Page): string {
  if (status === 'resolved') return 'white_check_mark';
  if (status === 'acknowledged') return 'eyes';
  return severity === 'critical' ? 'rotating_light' : 'warning';
}

function priorityOf({ reason, status, severity }: Page): Priority {
  if (status !== 'triggered' || !callsForSomebody(reason)) return 3;
  return severity === 'critical' ? 5 : 4;
}

/** A page for a lock screen. `quiet`: it only replaces one that somebody has. */
export function pageMessage(page: Page, sequence: string, { quiet = false } = {}): NtfyMessage {
  const { acknowledgeUrl, incidentUrl, runbookUrl, chart } = page;
  const actions: NtfyAction[] = [
    ...(acknowledgeUrl === undefined
      ? []
      : [{ action: 'http', label: 'Acknowledge', url: acknowledgeUrl, method: 'POST', clear: true } as const]),
    { action: 'view', label: 'Incident', url: incidentUrl },
    ...(runbookUrl === undefined ? [] : [{ action: 'view', label: 'Runbook', url: runbookUrl } as const]),
  ];
  return {
    title: cut(oneLine(`${describeState(page)}: ${page.title}`), maxTitle).toWellFormed(),
    // There they are a button and a picture.
    message: fittedText({ ...page, acknowledgeUrl: undefined, chart: undefined }, maxBytes, { title: false }),
    priority: quiet ? 2 : priorityOf(page),
    tags: [tagOf(page)],
    click: incidentUrl,
    actions,
    ...(chart?.isPublic ? { attach: chart.url } : {}),
    sequence_id: sequence,
  };
}

export const digestMessage = ({ title, lines, url }: DigestMessage, sequence: string): NtfyMessage => ({
  title: cut(oneLine(title), maxTitle).toWellFormed(),
  message: cutBytes([...lines.map(oneLine), '', url].join('\n'), maxBytes),
  priority: 3,
  tags: ['bar_chart'],
  click: url,
  sequence_id: sequence,
});
