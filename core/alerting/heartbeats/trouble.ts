/** What a forecast of a run's end rests on. */
export type ForecastFrom =
  /** How far it is since it began. */
  | { by: 'progress'; done: number; startedAt: number }
  /** How long earlier runs took: 90 % of `runs` took at most `tookMs`. */
  | { by: 'earlier runs'; runs: number; tookMs: number; startedAt?: number };

export type Forecast = { endsAt: number; from: ForecastFrom };

/**
 * What did not come of a job: any report ever, the start of a run, or a success, where starts are
 * not reported.
 */
export type LateFor = 'any report' | 'a start' | 'a success';

/**
 * What is wrong with a heartbeat. `since`: since when it is. `deafUntil`: until then nobody
 * listened, and a report may have been lost.
 */
export type HeartbeatTrouble =
  | { kind: 'late'; since: number; dueAt: number; lacks: LateFor; lastAt?: number; deafUntil?: number }
  | { kind: 'failed'; since: number; exitCode?: number; lastLine?: string }
  | { kind: 'not done'; since: number; dueAt: number; nextDueAt: number; deafUntil?: number }
  | { kind: 'too long'; since: number; startedAt: number; maxMs: number }
  | { kind: 'stuck'; since: number; done: number; movedAt: number }
  | { kind: 'deadline at risk'; since: number; deadlineAt: number; forecast: Forecast }
  | { kind: 'deadline passed'; since: number; deadlineAt: number; startedAt?: number; done?: number; deafUntil?: number };

export const heartbeatTroubles = [
  'late',
  'failed',
  'not done',
  'too long',
  'stuck',
  'deadline at risk',
  'deadline passed',
] as const satisfies readonly HeartbeatTrouble['kind'][];
export type HeartbeatTroubleKind = HeartbeatTrouble['kind'];
