import { formatUtc } from '../../vocabulary/format.ts';
import type { Severity } from '../../vocabulary/schema-parts.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import type { DeploymentState, DeploymentView } from '../deployments/deployment.ts';
import { servedAtLeast } from '../deployments/served.ts';
import { canariesOf, shareOf, shareText } from '../deployments/traffic.ts';
import type { RollbackDoubt } from './refusal.ts';
import type { RollbackConfig } from './rollback-schema.ts';

export type RollbackQuestion = {
  rollback: RollbackConfig;
  severity: Severity;
  deployment: DeploymentState | undefined;
  view: DeploymentView;
  /** The model version in the alert's labels. */
  alertVersion?: string | undefined;
  /** A person's request bypasses the limits on automation, but not hard failures. */
  byPerson: boolean;
  now: number;
};

/** From which version to which; `doubts` leave it to a person. */
export type Target = { ok: true; from: string; to: string; why: string; doubts: RollbackDoubt[] } | { ok: false; reason: string };

const doubtOf = (code: RollbackDoubt['code'], text: string | undefined): RollbackDoubt[] =>
  text === undefined ? [] : [{ code, text }];
const elsewhere = 'alert about another version';

/**
 * Which version to leave, and for which. If a canary runs beside the current version, it is the
 * newest change and so the suspect: it is removed and the current version stays. Otherwise the
 * current version is replaced by the last known-good one.
 */
export function targetOf(question: RollbackQuestion): Target {
  const { view, alertVersion } = question;
  const canaries = canariesOf(view);
  const [canary] = canaries;
  if (canary === undefined) {
    const isOther = alertVersion !== undefined && alertVersion !== view.current && isKnown(question, alertVersion);
    return earlier(question, isOther ? `the alert is about ${alertVersion}, and ${view.current} serves` : undefined);
  }
  const tried = canaries.map(shareText).join(', ');
  if (alertVersion === view.current)
    return earlier(question, `the alert is about ${view.current}, and not about what is tried beside it (${tried})`);
  const named = canaries.find(({ version }) => version === alertVersion);
  const from = (named ?? canary).version;
  const isOther = named === undefined && alertVersion !== undefined && isKnown(question, alertVersion);
  const several = canaries.length > 1 && named === undefined;
  // Returning to what serves most of the traffic needs no proof.
  const needsProof = shareOf(view, view.current) <= 0.5;
  const doubts = [
    ...doubtOf('current known bad', condemnedOf(question, view.current)),
    ...doubtOf(elsewhere, isOther ? `the alert is about ${alertVersion}, which does not serve` : undefined),
    ...doubtOf('several canaries', several ? `which of those that are tried is bad is not known (${tried})` : undefined),
    ...doubtOf('service unproven', needsProof ? unproven(question, { version: view.current }) : undefined),
  ];
  const why = `${from} is a canary beside ${view.current} (${tried})`;
  return { ok: true, from, to: view.current, why, doubts };
}

/**
 * The newest earlier version known to be good; if there is none, the newest with too little known.
 */
function earlier(question: RollbackQuestion, about: string | undefined): Target {
  const { rollback, view, alertVersion } = question;
  const beside = new Set(canariesOf(view).map(({ version }) => version));
  const candidates = view.candidates.filter(({ version }) => version !== view.current && !beside.has(version));
  if (view.candidates.length === 0)
    return { ok: false, reason: `no last known good version: ${view.current} is the only one ${rollback.deployment} has served` };
  const passedOver: string[] = [];
  let unknown: { version: string; doubt: string } | undefined;
  const found = (version: string, why: string, unknown?: string): Target => {
    const doubts = [...doubtOf(elsewhere, about), ...doubtOf('service unproven', unknown)];
    return { ok: true, from: view.current, to: version, why, doubts };
  };
  for (const candidate of candidates) {
    const { version, compatible, servedMs } = candidate;
    const knownBad = condemnedOf(question, version);
    const missing = unproven(question, candidate);
    if (knownBad !== undefined) passedOver.push(knownBad);
    else if (version === alertVersion) passedOver.push(`${version} is what the alert is about`);
    else if (compatible === false) passedOver.push(`${version} is not compatible${candidate.why ? `: ${candidate.why}` : ''}`);
    else if (missing === undefined) {
      const others = passedOver.length > 0 ? ` (${passedOver.join('; ')})` : '';
      return found(version, `${version} is the last known good version${others}`);
    } else {
      passedOver.push(missing);
      // If the hook itself reports too short a service, a person is not asked.
      if (servedMs === undefined) unknown ??= { version, doubt: missing };
    }
  }
  if (unknown !== undefined) return found(unknown.version, `${unknown.version} is the version before`, unknown.doubt);
  return { ok: false, reason: `no last known good version: ${passedOver.join('; ') || 'no candidate but the current one'}` };
}

/**
 * What a version lacks to be known-good; undefined if nothing. A deployment date proves no service.
 */
function unproven(
  { rollback, deployment, now }: RollbackQuestion,
  { version, servedMs, deployedAt }: { version: string; servedMs?: number; deployedAt?: number },
): string | undefined {
  const seen = servedAtLeast(deployment, version);
  if (Math.max(servedMs ?? 0, seen) >= rollback.goodAfter) return undefined;
  const needed = formatDuration(rollback.goodAfter);
  if (servedMs !== undefined) return `${version} served only ${formatDuration(Math.max(servedMs, seen))} (needs ${needed})`;
  const known =
    seen > 0 ? `is known to have served ${formatDuration(seen)}, and not ${needed}` : `is not known to have served ${needed}`;
  const age =
    deployedAt === undefined || deployedAt > now
      ? ''
      : `; that it was deployed ${formatDuration(now - deployedAt)} ago does not say so`;
  return `${version} ${known}${age}`;
}

function condemnedOf({ deployment }: RollbackQuestion, version: string): string | undefined {
  const knownBad = deployment?.knownBad.find((one) => one.version === version);
  return knownBad === undefined ? undefined : `${version} was itself rolled back on ${formatUtc(knownBad.at)}`;
}

/** Labels may name versions differently; only a name the hook also knows is the same thing. */
const isKnown = ({ view }: RollbackQuestion, version: string): boolean =>
  [...view.candidates, ...canariesOf(view)].some((one) => one.version === version);
