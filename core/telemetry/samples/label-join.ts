import type { PredictionsSourceConfig } from '../sources/kinds/predictions.ts';
import type { deltaSums } from './deltas.ts';
import type { Waiting } from './fold.ts';
import type { LabelArrivals } from './label-arrivals.ts';
import { ageReason } from './record-age.ts';

/** What a label needs besides what waits for it. */
export type JoinContext = {
  sums: ReturnType<typeof deltaSums>;
  arrivals: LabelArrivals;
  source: Pick<PredictionsSourceConfig, 'bucket' | 'retain' | 'labelWait'>;
  now: number;
};

/** A label in canonical spelling. `at`: its own timestamp, if it has one. */
export type Came = { label: string; at?: number | undefined };

/** What became of a label, and the new state of its record if that changed. */
export type Joined =
  | { became: 'accepted' | 'corrected' | 'unmatched'; next: Waiting }
  | { became: 'duplicate'; next?: Waiting }
  | { became: 'rejected'; reason: string };

/** The most replaced labels that a record remembers. */
const maxReplaced = 10;

/**
 * A label whose prediction is not known: it was never sent, or stopped waiting (`labelWait`). It
 * waits in turn, for records may arrive in any order; a second one replaces it.
 */
export function waitForPrediction(key: string, seen: Waiting | undefined, came: Came, context: JoinContext): Joined {
  const { arrivals, now } = context;
  const expiresAt = now + context.source.labelWait;
  if (seen !== undefined) {
    if (isKnown(seen, came)) return known(seen, came);
    return { became: 'unmatched', next: { ...replaced(seen, came, now), expiresAt } };
  }
  arrivals.unmatched();
  return { became: 'unmatched', next: { key, state: 'label', ...labelFields(came), labelCameAt: now, expiresAt } };
}

/**
 * A label whose prediction is known. The first one counts where the prediction does. Another one
 * replaces it there: the first is taken back, and remembered. Of two with timestamps, the later
 * wins; otherwise the one that comes last.
 */
export function joinLabel(seen: Waiting, came: Came, context: JoinContext): Joined {
  const { sums, arrivals, source, now } = context;
  const { series, segments = [], bucketStart, prediction = '', score, value, label: first } = seen;
  if (isKnown(seen, came) || series === undefined || bucketStart === undefined) return known(seen, came);
  // The prediction's bucket may still be the current one, which ends in the future.
  const gone = ageReason(bucketStart + source.bucket, source.retain, now);
  if (gone !== undefined) return { became: 'rejected', reason: `id: too late, the prediction is too old for a label (${gone})` };
  const expiresAt = now + source.labelWait;
  for (const place of [series, ...segments]) {
    if (first !== undefined) sums.takeLabelBack(place, bucketStart, { prediction, label: first, score, value });
    sums.addLabel(place, bucketStart, { prediction, label: came.label, score, value });
  }
  if (first !== undefined) {
    arrivals.corrected();
    return { became: 'corrected', next: { ...replaced(seen, came, now), expiresAt } };
  }
  arrivals.matched(seen.madeAt ?? bucketStart, now);
  return { became: 'accepted', next: { ...seen, state: 'joined', ...labelFields(came), expiresAt } };
}

export const labelFields = ({ label, at }: Came): Pick<Waiting, 'label' | 'labelAt'> =>
  at === undefined ? { label } : { label, labelAt: at };

/** The same label, or one that was given before the known one. */
const isKnown = ({ label, labelAt }: Waiting, came: Came): boolean =>
  label !== undefined && (label === came.label || (labelAt !== undefined && came.at !== undefined && came.at < labelAt));

/**
 * The same label with a later time of its own was still true then: nothing older may replace it.
 */
function known(seen: Waiting, { label, at }: Came): Joined {
  const { labelAt, revision = 0 } = seen;
  if (label !== seen.label || at === undefined || (labelAt !== undefined && at <= labelAt)) return { became: 'duplicate' };
  return { became: 'duplicate', next: { ...seen, labelAt: at, revision: revision + 1 } };
}

function replaced({ labelAt: _at, ...seen }: Waiting, came: Came, now: number): Waiting {
  const { label = '', replaced: before = [], revision = 0 } = seen;
  return {
    ...seen,
    ...labelFields(came),
    revision: revision + 1,
    replaced: [...before, { label, at: now }].slice(-maxReplaced),
  };
}
