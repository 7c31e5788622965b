/**
 * Limits the points learned per tick for series without a state. Points of series without room
 * count separately. Half of a tick is reserved for rules that learned nothing in the last one, so
 * that none waits forever.
 */
export type LearningBudget = {
  beginTick(): void;
  /**
   * Whether a series of this many points may be learned now. One larger than a tick's budget is
   * learned alone.
   */
  allows(ruleId: string, points: number, room: boolean): boolean;
  /** The series was learned. */
  spend(ruleId: string, points: number, room: boolean): void;
  /** The series has room but must wait. */
  wait(ruleId: string): void;
};

export function learningBudget(pointsOfTick: number): LearningBudget {
  let left = pointsOfTick;
  let leftOfCrowded = pointsOfTick;
  /**
   * Rules that learned nothing in the last tick for lack of budget; and those that learned, or
   * waited, in this one.
   */
  let hungry = new Set<string>();
  let learned = new Set<string>();
  let waited = new Set<string>();
  return {
    beginTick() {
      left = pointsOfTick;
      leftOfCrowded = pointsOfTick;
      hungry = new Set([...waited].filter((id) => !learned.has(id)));
      learned = new Set();
      waited = new Set();
    },
    allows(ruleId, points, room) {
      if (!room) return points <= leftOfCrowded || leftOfCrowded === pointsOfTick;
      const reserved = hungry.size > 0 && !hungry.has(ruleId) ? pointsOfTick / 2 : 0;
      return points <= left - reserved || (left === pointsOfTick && reserved === 0);
    },
    spend(ruleId, points, room) {
      if (!room) {
        leftOfCrowded -= points;
        return;
      }
      left -= points;
      learned.add(ruleId);
    },
    wait: (ruleId) => void waited.add(ruleId),
  };
}
