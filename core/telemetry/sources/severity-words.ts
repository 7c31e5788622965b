import type { AlertSeverity } from '../../vocabulary/schema-parts.ts';
import { severityRank } from '../../vocabulary/severity.ts';

/**
 * What other systems call severities, in small letters and without separators. A word that the
 * field uses for several things counts as the one that pages more.
 */
const severityWords: Readonly<Record<string, AlertSeverity>> = {
  critical: 'critical',
  crit: 'critical',
  page: 'critical',
  error: 'critical',
  err: 'critical',
  fatal: 'critical',
  emergency: 'critical',
  emerg: 'critical',
  panic: 'critical',
  disaster: 'critical',
  severe: 'critical',
  urgent: 'critical',
  blocker: 'critical',
  major: 'critical',
  high: 'critical',
  highest: 'critical',
  warning: 'warn',
  warn: 'warn',
  average: 'warn',
  medium: 'warn',
  moderate: 'warn',
  minor: 'warn',
  low: 'warn',
  info: 'info',
  information: 'info',
  informational: 'info',
  notice: 'info',
  debug: 'info',
  none: 'info',
};

/** Priorities, as in P1 or SEV-2: the digit decides. */
const byRank: readonly AlertSeverity[] = ['critical', 'critical', 'critical', 'warn', 'warn', 'info'];
const ranked = /^(?:p|prio|priority|s|sev|severity)([0-5])$/;

/** `SEV-1` and `sev 1` are one word. */
const folded = (word: string): string => word.toLowerCase().replace(/[\s_-]+/g, '');

/** What a source says about severities: its own words go first. */
export type SeverityWords = { severities: Readonly<Record<string, AlertSeverity>> };

/**
 * What a sender's word for a severity means: as the source declares it, in that spelling or in
 * another one of case and separators, of several the one that pages more, or else as the field uses
 * it. Undefined for an unknown word.
 */
export function severityMeant(word: string, { severities }: SeverityWords): AlertSeverity | undefined {
  if (Object.hasOwn(severities, word)) return severities[word];
  const plain = folded(word);
  if (plain === '') return undefined;
  const declared = Object.entries(severities).flatMap(([one, meant]) => (folded(one) === plain ? [meant] : []));
  const worst = declared.toSorted((a, b) => severityRank[b] - severityRank[a])[0];
  if (worst !== undefined) return worst;
  if (Object.hasOwn(severityWords, plain)) return severityWords[plain];
  const rank = ranked.exec(plain)?.[1];
  return rank === undefined ? undefined : byRank[Number(rank)];
}

/** Every word that means something to a source, as far as words can be listed. */
export const knownSeverityWords = ({ severities }: SeverityWords): Record<string, AlertSeverity> => ({
  ...severityWords,
  ...Object.fromEntries(byRank.map((meant, rank) => [`P${rank}`, meant])),
  ...severities,
});
