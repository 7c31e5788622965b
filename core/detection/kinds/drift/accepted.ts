import { type AuditEntry, auditEntry } from '../../../access/audit-log.ts';
import type { FeatureProfile } from '../../../telemetry/profiles/profile.ts';
import { counted } from '../../../vocabulary/counted.ts';
import type { Fingerprint, RuleId } from '../../../vocabulary/ids.ts';
import type { Labels } from '../../../vocabulary/schema-parts.ts';
import { unknownKind } from '../../../vocabulary/unknown-kind.ts';
import type { DriftBaseline } from './schema.ts';

/**
 * A feature's current distribution, which a person accepted as its normal. It stands in for the
 * baseline of one series of a drift rule, for as long as that baseline is the one that it stands in
 * for.
 */
export type AcceptedBaseline = {
  /** The fingerprint of the alert of the series. */
  fingerprint: Fingerprint;
  ruleId: RuleId;
  labels: Labels;
  /** The baseline that it stands in for, as `referenceOf` names it. */
  against: string;
  /** The span of the profile; milliseconds since the epoch. */
  from: number;
  to: number;
  profile: FeatureProfile;
  at: number;
  by: string;
  comment: string;
  version: number;
};

/** The training that a rule compares with, if any. */
type Trained = { modelVersion: string; digest: string };

/** Names a baseline: another span, version, window or training has another name. */
export function referenceOf(baseline: DriftBaseline, trained: Trained | undefined): string {
  switch (baseline.kind) {
    case 'rolling':
      return JSON.stringify(['rolling', baseline.window]);
    case 'between':
      return JSON.stringify(['between', baseline.from, baseline.to]);
    case 'version':
      return JSON.stringify(['version', baseline.version]);
    case 'training':
      return JSON.stringify(['training', trained?.modelVersion, trained?.digest]);
    default:
      return unknownKind('baseline kind of drift', baseline);
  }
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** What verdicts call it: `what ana accepted on 2026-03-01`. */
export const acceptedText = ({ by, at }: Pick<AcceptedBaseline, 'by' | 'at'>): string => `what ${by} accepted on ${dayOf(at)}`;

/** One entry for all series of a rule that were accepted together. At least one. */
export function acceptedEntry(accepted: readonly AcceptedBaseline[]): AuditEntry {
  const [first] = accepted as [AcceptedBaseline];
  const { ruleId, from, to, at, by: actor, comment } = first;
  const features = accepted.map(({ labels }) => labels['feature'] ?? '');
  const span = `${new Date(from).toISOString()} to ${new Date(to).toISOString()}`;
  const text = `${ruleId}: the new normal of ${counted(features.length, 'series', 'series')} (${features.join(', ')}) is that of ${span}: ${comment}`;
  const change = JSON.stringify(accepted.map(({ fingerprint, version }) => [fingerprint, version]));
  const data = { rule: ruleId, series: accepted.map(({ labels }) => labels), from, to };
  return auditEntry({ at, kind: 'accepted', text, actor, data }, change);
}
