/**
 * How many points of series without a state are learned in one tick. Points of series that find no
 * room count apart, and half of a tick is kept for rules that learned nothing in the last one, so
 * that nobody waits for others for ever.
 */
export type LearningBudget = {
  beginTick(): void;
  /**
   * Whether a series of so many points may be learned now. One of more points than a tick takes is
   * learned by itself.
   */
  allows(ruleId: string, points: number, room: boolean): boolean;
  /** The series was learned. */
  spend(ruleId: string, points: number, room: boolean): void;
  /** The series, for which there is room, has to wait. */
  wait(ruleId: string): void;
};

export function learningBudget(pointsOfTick: number): LearningBudget {
  let left = pointsOfTick;
  let leftOfCrowded = pointsOfTick;
  /**
   * Rules that learned nothing in the last tick for want of points; and those that learned, or had
   * to wait, in this one.
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
