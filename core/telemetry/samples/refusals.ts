/** What was refused, at its place in what was sent, counted from 0. */
export type Rejection = { index: number; reason: string };

/** So many refused records are named one by one; of the rest it is told how many there are. */
export const maxListed = 100;

export type Refused = {
  /** The first ones, by their place. */
  rejected: Rejection[];
  /** How many more there are. */
  unlisted: number;
};

/** Gathers refusals in the order of their places. A reason costs more than a record, so none is made that nobody reads. */
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

/** What several looks at the same records refused. */
export function refusedTogether(lists: readonly Refused[], most = maxListed): Refused {
  const rejected = lists.flatMap((list) => list.rejected).sort((a, b) => a.index - b.index);
  const others = lists.reduce((sum, { unlisted }) => sum + unlisted, 0);
  return { rejected: rejected.slice(0, most), unlisted: others + Math.max(0, rejected.length - most) };
}

export const countOf = ({ rejected, unlisted }: Refused): number => rejected.length + unlisted;

/** As it is answered: all of them counted, and the first ones named. */
export const answerOf = (refused: Refused): { rejected: number; rejections: Rejection[] } => ({
  rejected: countOf(refused),
  rejections: refused.rejected,
});
