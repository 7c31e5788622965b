import type { Point } from '../../telemetry/series.ts';
import type { JudgeContext } from '../context.ts';
import type { AskingKindOf } from '../rules/rule-kind.ts';
import type { PointsRule } from '../rules/rule-schema.ts';
import { judgePoints } from './judge-points.ts';
import { historyOfPoints, type PointKind, testingOfPoints } from './point-kind.ts';
import { pointTests } from './point-tests.ts';

type Pointwise = 'judge' | 'pointTests' | 'history' | 'testing' | 'standing' | 'silence' | 'memory';

/** The common part of rule kinds that judge M of the last N points. */
export const pointwise = <R extends PointsRule>(kind: PointKind<R>): Pick<AskingKindOf<R>, Pointwise> => ({
  judge: (rule: R, points: readonly Point[], context: JudgeContext) => judgePoints(kind, rule, points, context),
  pointTests: (rule: R, points: readonly Point[], context: JudgeContext) => pointTests(kind, rule, points, context),
  history: (rule: R) => historyOfPoints(kind, rule),
  testing: testingOfPoints,
  standing: (rule, current) => kind.standing(rule, current),
  silence: 'by noData',
  memory: 'none',
});
