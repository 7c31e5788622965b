import { addTo } from './score-bins.ts';
import { leafOf, type ScoreBins } from './score-tree.ts';

/** In version 1 of a bucket, bin n of a hundred held the scores from n / 100. */
const bins = 100;

/** A stored bucket of version 1 as one of version 2. What is no bin is left to the schema. */
export function withoutHundredths(value: object): object {
  if (!('scores' in value) || typeof value.scores !== 'object' || value.scores === null) return value;
  const scores: Record<string, unknown> = { ...value.scores };
  for (const name of ['bins', 'predicted']) if (name in scores) scores[name] = inTree(scores[name]);
  return { ...value, scores };
}

function inTree(sent: unknown): unknown {
  if (typeof sent !== 'object' || sent === null) return sent;
  const all: ScoreBins = [];
  for (const [bin, counts] of Object.entries(sent)) {
    if (!(Number(bin) < bins) || !Array.isArray(counts)) return sent;
    addTo(all, leafOf((Number(bin) + 0.5) / bins), counts[0], counts[1]);
  }
  return all;
}
