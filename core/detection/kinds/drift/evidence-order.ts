import type { Verdict, VerdictStatus } from '../../verdict.ts';

const rank: Record<VerdictStatus, number> = {
  critical: 0,
  warn: 1,
  error: 2,
  'insufficient evidence': 3,
  'no data': 4,
  ok: 5,
};

type Judged = { feature: string; verdict: Pick<Verdict, 'status' | 'drift'> };

/**
 * The feature about which there is most evidence first: what breached, then what nobody can tell,
 * then what is well; of these, the least likely by chance. A large distance alone proves nothing.
 */
export const byEvidence = (a: Judged, b: Judged): number =>
  rank[a.verdict.status] - rank[b.verdict.status] ||
  (a.verdict.drift?.pValue ?? 2) - (b.verdict.drift?.pValue ?? 2) ||
  (b.verdict.drift?.value ?? -1) - (a.verdict.drift?.value ?? -1) ||
  (a.feature < b.feature ? -1 : 1);
