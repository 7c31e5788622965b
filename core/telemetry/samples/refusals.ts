/** A refused record with its index in the request, from 0. */
export type Rejection = { index: number; reason: string };

/** Refused records that are listed one by one; the rest are counted. */
export const maxListed = 100;

export type Refused = {
  /** The first ones, by index. */
  rejected: Rejection[];
  /** The number of others. */
  unlisted: number;
};

/**
 * Collects refusals by index. Building a reason costs more than reading a record, so only listed
 * ones are built.
 */
export function refusals(most = maxListed) {
  const all: Refused = { rejected: [], unlisted: 0 };
  return {
    add(index: number, reason: () => string): void {
      if (all.rejected.length < most) all.rejected.push({ index, reason: reason() });
      else all.unlisted += 1;
    },
    all: (): Refused => all,
  };
}

/** Merges refusals from several passes over the same records. */
export function refusedTogether(lists: readonly Refused[], most = maxListed): Refused {
  const rejected = lists.flatMap((list) => list.rejected).sort((a, b) => a.index - b.index);
  const others = lists.reduce((sum, { unlisted }) => sum + unlisted, 0);
  return { rejected: rejected.slice(0, most), unlisted: others + Math.max(0, rejected.length - most) };
}

export const countOf = ({ rejected, unlisted }: Refused): number => rejected.length + unlisted;

/** The response format: all counted, the first ones listed. */
export const answerOf = (refused: Refused): { rejected: number; rejections: Rejection[] } => ({
  rejected: countOf(refused),
  rejections: refused.rejected,
});
