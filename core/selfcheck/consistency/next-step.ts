import type { ResponseConfig } from '../../response/config.ts';
import { isLastStep, restartAfter } from '../../response/escalation/escalate.ts';
import type { Deadlines, Incident, PolicySnapshot } from '../../response/incidents/incident.ts';
import { isOpenForInfo } from '../../response/incidents/info-only.ts';
import { reconsiderEveryMs } from '../../response/rollback/consider.ts';
import { awaitsProof } from '../../response/rollback/proof.ts';

/** A sweep runs each minute. A deadline this late was missed by the sweeps. */
export const overdueAfterMs = 150_000;
/** Two machines' clocks differ by less. A deadline may exceed its limit by this much. */
const clockSlackMs = 60_000;

const ackTimeoutDefaultMs = 4 * 3_600_000;
const minRecheckMs = 300_000;
const verifyDefaultMs = 1_800_000;

/** What is wrong with an incident's next step, with the reason in words. */
export type Fault =
  /** Nothing will ever happen, although something must: the deadline `name` is missing. */
  | { kind: 'no next step'; name: keyof Deadlines; text: string }
  /** The deadline `name` is later than policy or settings allow, at most `latest`. */
  | { kind: 'too far ahead'; name: keyof Deadlines; latest: number; text: string }
  /** The deadline `name` does not fit the incident's status, and would page past an acknowledge. */
  | { kind: 'stray'; name: keyof Deadlines; text: string }
  /** `nextStepAt`, which sweeps search by, is not the earliest deadline. */
  | { kind: 'hidden'; text: string }
  /** Its next step is overdue, and nobody has taken it. */
  | { kind: 'overdue'; text: string };

const policyOf = (incident: Incident): PolicySnapshot | undefined => incident.policies[incident.policyKey];

/** The longest time a deadline may lie after its cause, in milliseconds. */
export function spanOf(name: keyof Deadlines, incident: Incident, { settings, rollbacks }: ResponseConfig): number {
  const policy = policyOf(incident);
  switch (name) {
    case 'groupWait':
      return settings.groupWait;
    case 'acknowledge':
      return policy?.tiers[Math.max(incident.escalation.tier, 1) - 1]?.ackWithin ?? 0;
    case 'ackTimeout':
      return policy?.ackTimeout ?? ackTimeoutDefaultMs;
    case 'resolve':
      return settings.resolveDelay;
    case 'verify':
      return incident.rollback?.watchMs ?? rollbacks[incident.rollback?.name ?? '']?.verify ?? verifyDefaultMs;
    case 'reconsider':
      return reconsiderEveryMs;
    case 'recheck':
      return Math.max(settings.reopenWindow, minRecheckMs);
    case 'joined':
      return settings.groupInterval;
    case 'steady':
      return incident.flapping?.quiet ?? 0;
    case 'restart':
      return restartAfter(policy?.ackTimeout ?? ackTimeoutDefaultMs);
  }
}

/** Deadlines that page. An acknowledged incident must have none of them. */
const calling: readonly (keyof Deadlines)[] = ['groupWait', 'acknowledge', 'joined', 'restart'];

/**
 * What is wrong with an incident's next step at `now`. Only an incident whose alerts are all muted
 * has no next step by design: it moves on when the muting ends.
 */
export function faultsOf(incident: Incident, config: ResponseConfig, now: number): Fault[] {
  const { deadlines, status, nextStepAt } = incident;
  const faults: Fault[] = [];
  const entries = Object.entries(deadlines).filter((entry): entry is [keyof Deadlines, number] => entry[1] !== undefined);
  const strays = status === 'acknowledged' ? entries.filter(([name]) => calling.includes(name)) : [];
  for (const [name] of strays) {
    faults.push({ kind: 'stray', name, text: `the deadline ${name} would page past the acknowledge` });
  }
  for (const [name, at] of entries) {
    const latest = now + spanOf(name, incident, config);
    if (at > latest + clockSlackMs) {
      faults.push({ kind: 'too far ahead', name, latest, text: `the deadline ${name} was at ${new Date(at).toISOString()}` });
    }
  }
  for (const [name, text] of neededBy(incident)) {
    if (deadlines[name] === undefined) faults.push({ kind: 'no next step', name, text });
  }
  const earliest = entries.length === 0 ? undefined : Math.min(...entries.map(([, at]) => at));
  if (nextStepAt !== earliest) faults.push({ kind: 'hidden', text: 'its next step could not be found by the sweep' });
  if (earliest !== undefined && earliest < now - overdueAfterMs) {
    faults.push({ kind: 'overdue', text: `a step is overdue since ${new Date(earliest).toISOString()}` });
  }
  return faults;
}

/** The deadlines an incident must have in its state, and why. */
function neededBy(incident: Incident): [keyof Deadlines, string][] {
  const { status, counts, deadlines, rollback, flapping } = incident;
  const isUnproven = rollback?.state === 'failed' && awaitsProof(incident);
  const active = counts.critical + counts.warn + (isUnproven ? 1 : 0);
  const needed: [keyof Deadlines, string][] = [];
  if (status === 'resolved') {
    return active > 0 ? [['recheck', 'it was resolved while alerts fired, and nothing would check them again']] : [];
  }
  if (status === 'waiting' && active > 0) needed.push(['groupWait', 'alerts are firing, and nothing would page anybody']);
  const isCalled = deadlines.joined !== undefined || deadlines.acknowledge !== undefined || deadlines.restart !== undefined;
  const pages = active > 0 || (flapping !== undefined && counts.muted === 0);
  if (status === 'triggered' && pages && !isCalled) needed.push(nextCall(incident));
  if (status === 'acknowledged') needed.push(['ackTimeout', 'it is acknowledged, and nothing would check it again']);
  if (flapping !== undefined) needed.push(['steady', 'it is flapping, and nothing would end that']);
  else if (active + counts.muted === 0 && !isOpenForInfo(incident) && !awaitsProof(incident))
    needed.push(['resolve', 'no alert is firing, and nothing would resolve it']);
  if (rollback?.state === 'verifying') needed.push(['verify', 'a rollback is watched, and nothing would end the watch']);
  if (rollback?.state === 'offered' && rollback.awaitsUpstream)
    needed.push(['reconsider', 'a rollback waits for an upstream cause to end, and nothing would check']);
  return needed;
}

/** The deadline by which a triggered incident calls somebody next. */
function nextCall(incident: Incident): [keyof Deadlines, string] {
  if (incident.escalation.tier === 0) return ['groupWait', 'it was triggered, and nothing would page anybody'];
  const policy = policyOf(incident);
  const isOver = policy !== undefined && isLastStep(policy, incident.escalation);
  return [isOver ? 'restart' : 'acknowledge', 'nobody has acknowledged, and nothing would escalate it'];
}
