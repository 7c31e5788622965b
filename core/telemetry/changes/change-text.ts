import { oneLine } from '../../vocabulary/printable.ts';
import type { Labels } from '../../vocabulary/schema-parts.ts';
import { cut } from '../../vocabulary/text.ts';
import type { Change, ChangeKind } from './change.ts';

/** What a change says it did, after what was changed. */
const done = {
  deploy: 'deployed',
  rollback: 'rolled back',
  flag: 'switched',
  data: 'replaced',
  config: 'changed',
  registry: 'moved in the registry',
  other: 'changed',
} satisfies Record<ChangeKind, string>;

/** Labels that name what was changed, by kind; the first that is there is named. */
const things = {
  deploy: ['model', 'service', 'deployment'],
  rollback: ['model', 'service', 'deployment'],
  flag: ['flag', 'service', 'model'],
  data: ['dataset', 'feature_set', 'feature', 'pipeline'],
  config: ['config', 'service', 'model'],
  registry: ['model'],
  other: ['model', 'service', 'dataset', 'pipeline'],
} satisfies Record<ChangeKind, readonly string[]>;

/** Labels and versions come from outside. */
const longest = 80;

/** What was changed, for people: `model churn`. */
export function changedThing({ kind, labels }: Pick<Change, 'kind' | 'labels'>): string {
  const names: readonly string[] = things[kind];
  const name = names.find((one) => Object.hasOwn(labels, one)) ?? Object.keys(labels).sort()[0] ?? 'something';
  return `${name} ${cut(oneLine(labels[name] ?? ''), longest)}`.trim();
}

/** One sentence without its end: `model churn deployed, 7 → 8 (prod)`, or what its sender says. */
export function changeText(change: Pick<Change, 'kind' | 'labels' | 'summary' | 'from' | 'to'>): string {
  const { summary, kind, labels } = change;
  const versions = versionsText(change);
  if (summary !== undefined) return summary;
  return `${changedThing(change)} ${done[kind]}${versions === '' ? '' : `, ${versions}`}${whereText(labels)}`;
}

function versionsText({ from, to }: Pick<Change, 'from' | 'to'>): string {
  const [before, after] = [from, to].map((text) => (text === undefined ? undefined : cut(text, longest)));
  if (before === undefined) return after ?? '';
  return after === undefined ? `from ${before}` : `${before} → ${after}`;
}

const whereText = ({ environment }: Labels): string =>
  environment === undefined ? '' : ` (${cut(oneLine(environment), longest)})`;
