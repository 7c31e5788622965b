import { counted } from '../../vocabulary/counted.ts';
import { formatUtc } from '../../vocabulary/format.ts';
import { oneLine } from '../../vocabulary/printable.ts';
import { cut } from '../../vocabulary/text.ts';
import type { Digest } from './digest.ts';

/** Lines shown of each part; the rest are counted. */
const mostLines = 20;
const maxLine = 300;
const weekMs = 604_800_000;

/**
 * The digest as plain text, one idea a line. Empty parts have no line. Names and comments
 * come from outside, and none of them can look like a line of its own.
 */
export const digestLines = (digest: Digest): string[] => textOf(digest).map((line) => cut(oneLine(line), maxLine));

function textOf(digest: Digest): string[] {
  const { from, to, zone, incidents, info, people, policies, muted, silences, notJudged, unread } = digest;
  const { began, open, byRule } = incidents;
  return [
    `From ${formatUtc(from)} to ${formatUtc(to)}`,
    ...part(
      `Incidents: ${began} began${open === 0 ? '' : `, ${open} open`}`,
      byRule.map(({ rule, severity, count }) => `${severity} ${rule}: ${count}`),
    ),
    ...(unread === 0 ? [] : [`${counted(unread, 'more incident')} of this time could not be read; the numbers are too small`]),
    ...some(
      'Info, which pages nobody',
      info.map(({ rule, count }) => `${rule}: fired ${counted(count, 'time')}`),
    ),
    ...part(
      people.length === 0 ? 'Nobody was paged' : 'Paged',
      people.map(({ person, pages, critical, nights }) => {
        const parts = [
          ...(critical > 0 ? [`${critical} critical`] : []),
          ...(nights > 0 ? [`${counted(nights, 'broken night')} (${zone})`] : []),
        ];
        return `${person}: ${[counted(pages, 'page'), ...parts].join(', ')}`;
      }),
    ),
    ...some(
      'Policies',
      policies.map((one) => policyText(one, to - from)),
    ),
    ...some(
      'Muted now',
      muted.map(({ why, alerts }) => `${counted(alerts, 'alert')}: ${why}`),
    ),
    ...some(
      'Silences',
      silences.map(({ match, until, by, comment }) => `${match} until ${formatUtc(until)}, by ${by}: ${comment}`),
    ),
    ...some(
      'Not judged, so nothing is known of it',
      notJudged.map(({ rule, why, since }) => `${rule}: ${why}, since ${formatUtc(since)}`),
    ),
  ];
}

/** `duty paged 12 times; its budget is 5 a week: over it`. */
export function policyText({ policy, pages, pagesAWeek }: Digest['policies'][number], spanMs: number): string {
  const paged = `${policy} paged ${counted(pages, 'time')}`;
  if (pagesAWeek === undefined) return paged;
  const isOver = pages > pagesAWeek * Math.max(1, spanMs / weekMs);
  return `${paged}; its budget is ${pagesAWeek} a week${isOver ? ': over it' : ''}`;
}

function part(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [title];
  const more = lines.length - mostLines;
  return [`${title}:`, ...lines.slice(0, mostLines).map((line) => `  ${line}`), ...(more > 0 ? [`  and ${more} more`] : [])];
}

const some = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : part(title, lines));
