import type { VerdictStatus } from '../../core/detection/verdict.ts';
import { undecidedNote } from '../../core/selfcheck/vitals/stored-rules.ts';
import type { InsufficientEvidence } from '../../core/selfcheck/vitals/undecided.ts';
import { readNote, writeNote } from '../notes.ts';
import type { Ports } from '../ports/ports.ts';

/** The limit of one stored item, which every tick reads. */
const maxRules = 50;
const maxReason = 300;

type Found = { verdicts: Readonly<Record<VerdictStatus, number>>; series: number; undecided?: string };

/**
 * Notes which rules have too little evidence, so that they do not pass as healthy. Rules that were
 * not due keep their entry. Written when the set of rules or the number of series changes; reasons
 * with their changing numbers are updated then.
 */
export async function noteInsufficientEvidence(
  { store, config }: Pick<Ports, 'store' | 'config'>,
  judged: readonly { id: string; result: Found }[],
  now: number,
): Promise<void> {
  if (judged.length === 0) return;
  const known = await readInsufficientEvidence({ store });
  const noted = new Map(known.filter(({ rule }) => Object.hasOwn(config.rules, rule)).map((one) => [one.rule, one]));
  for (const { id, result: found } of judged) {
    const series = found.verdicts['insufficient evidence'];
    if (series === 0 || found.undecided === undefined) noted.delete(id);
    else {
      const reason = found.undecided.slice(0, maxReason).toWellFormed();
      noted.set(id, { rule: id, series, of: found.series, reason, since: noted.get(id)?.since ?? now });
    }
  }
  const kept = [...noted.values()].slice(0, maxRules);
  if (textOf(kept) !== textOf(known)) await writeNote(store, undecidedNote, { rules: kept });
}

const textOf = (noted: readonly InsufficientEvidence[]): string =>
  noted.map(({ rule, series, of }) => `${rule} ${series} ${of}`).join('\n');

/** Oldest first; at most 50. */
export async function readInsufficientEvidence({ store }: Pick<Ports, 'store'>): Promise<InsufficientEvidence[]> {
  return (await readNote(store, undecidedNote))?.rules ?? [];
}
