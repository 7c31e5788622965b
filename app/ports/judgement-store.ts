import type { HistoryEntry } from '../../core/alerting/judgements/history/entry.ts';
import type { Fingerprint, RuleId } from '../../core/vocabulary/ids.ts';

/**
 * `fine`: as it was judged, for some days; `hour`: one entry an hour, for as long as the config
 * says.
 */
export const historyLevels = ['fine', 'hour'] as const;
export type HistoryLevel = (typeof historyLevels)[number];

export type HistoryOf = { rule: RuleId; fingerprint: Fingerprint; level: HistoryLevel };

/** An entry to add, and when it may be dropped. */
export type NewHistory = HistoryOf & { entry: HistoryEntry; expiresAt: number };

/**
 * What was found of each series, judgement by judgement. It only informs: nothing is decided by it.
 */
export type JudgementStore = {
  /**
   * Adds entries; one of the same point that was judged at the same time is replaced. If it fails,
   * some may be written, and a power cut may undo the last ones.
   */
  addHistory(added: readonly NewHistory[]): Promise<void>;
  /** The newest `limit` entries of one series with from <= at < to, oldest first. */
  history(of: HistoryOf, span: { from: number; to: number }, limit: number): Promise<HistoryEntry[]>;
};
