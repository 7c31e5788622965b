import type { ResponseConfig } from '../config.ts';
import { restartWait } from '../escalation/escalate.ts';
import { type PageTarget, targetText } from '../escalation/page-target.ts';
import type { Target } from '../escalation/policy-schema.ts';
import { resolveTarget } from '../escalation/targets.ts';
import { nothingToPage } from './draft.ts';
import type { Deadlines, Incident, PolicySnapshot } from './incident.ts';

/** What a deadline of an incident does when it is reached, and nobody has acted before. */
export const nextStepKinds = [
  'first page',
  'next tier',
  'reminder',
  'fallback',
  'starts again',
  'acknowledgement ends',
  'page about joined alerts',
  'resolves',
  'rollback is judged',
  'rollback is reconsidered',
  'looked at again',
  'flapping ends',
] as const;
export type NextStepKind = (typeof nextStepKinds)[number];

export type NextStep = {
  kind: NextStepKind;
  /** Milliseconds since the epoch. */
  at: number;
  /** Who is paged, as far as anybody is: those on call at that time. */
  targets: PageTarget[];
  /** Why nobody is paged then, although the step would. */
  withheld?: string;
};

/** `after`: how long after the deadline it happens, in milliseconds. */
type Meaning = { kind: NextStepKind; pages: readonly Target[] | undefined; after?: number };

/** What happens to the incident next if nobody does anything; undefined if nothing does. */
export const nextStepOf = (incident: Incident, config: ResponseConfig): NextStep | undefined => stepsOf(incident, config)[0];

/** The next step that pages somebody; undefined if none does. */
export const nextPageOf = (incident: Incident, config: ResponseConfig): NextStep | undefined =>
  firstPageIn(stepsOf(incident, config));

export const firstPageIn = (steps: readonly NextStep[]): NextStep | undefined => steps.find(({ targets }) => targets.length > 0);

/**
 * The next deadline, and what follows from it: where escalation rests first, before the step
 * itself.
 */
export function nextDeadlineOf(incident: Incident): { at: number; kind: NextStepKind } | undefined {
  const due = (Object.entries(incident.deadlines) as [keyof Deadlines, number | undefined][]).flatMap(([name, at]) =>
    at === undefined ? [] : [{ at, kind: meaningOf(incident, incident.policies[incident.policyKey], name).kind }],
  );
  return due.sort((a, b) => a.at - b.at)[0];
}

/** What its deadlines do, the earliest first. */
export function stepsOf(incident: Incident, config: ResponseConfig): NextStep[] {
  const due = (Object.entries(incident.deadlines) as [keyof Deadlines, number | undefined][]).flatMap(([name, at]) =>
    at === undefined ? [] : [stepAt(incident, config, name, at)],
  );
  return due.sort((a, b) => a.at - b.at);
}

function stepAt(incident: Incident, config: ResponseConfig, name: keyof Deadlines, deadline: number): NextStep {
  const { kind, pages, after = 0 } = meaningOf(incident, incident.policies[incident.policyKey], name);
  const at = deadline + after;
  if (pages === undefined) return { kind, at, targets: [] };
  const withheld = nothingToPage(incident)?.text;
  if (withheld !== undefined) return { kind, at, targets: [], withheld };
  const targets = new Map<string, PageTarget>();
  for (const one of pages) {
    const found = resolveTarget(config, one, at);
    if (found.ok) targets.set(targetText(found.target), found.target);
  }
  return { kind, at, targets: [...targets.values()] };
}

function meaningOf(incident: Incident, policy: PolicySnapshot | undefined, name: keyof Deadlines): Meaning {
  const { tier, repeats, fallback } = incident.escalation;
  const tiers = policy?.tiers ?? [];
  const targetsOf = (number: number): readonly Target[] => tiers[Math.max(number, 1) - 1]?.targets ?? [];
  switch (name) {
    case 'groupWait':
      return { kind: 'first page', pages: targetsOf(1) };
    case 'acknowledge':
      if (tier < tiers.length) return { kind: 'next tier', pages: targetsOf(tier + 1) };
      if (repeats < (policy?.repeat ?? 0)) return { kind: 'reminder', pages: targetsOf(tier) };
      if (!fallback && policy?.fallback !== undefined) return { kind: 'fallback', pages: [policy.fallback] };
      // Everybody has been paged: escalation rests before it starts again.
      return { kind: 'starts again', pages: targetsOf(1), after: policy === undefined ? 0 : restartWait(incident, policy) };
    case 'ackTimeout':
      return { kind: 'acknowledgement ends', pages: targetsOf(1) };
    case 'restart':
      return { kind: 'starts again', pages: targetsOf(1) };
    case 'joined':
      return { kind: 'page about joined alerts', pages: targetsOf(tier) };
    case 'resolve':
      return { kind: 'resolves', pages: undefined };
    case 'verify':
      return { kind: 'rollback is judged', pages: undefined };
    case 'reconsider':
      return { kind: 'rollback is reconsidered', pages: undefined };
    case 'recheck':
      return { kind: 'looked at again', pages: undefined };
    case 'steady':
      return { kind: 'flapping ends', pages: undefined };
    default:
      return name satisfies never;
  }
}
