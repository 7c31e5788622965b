import { type Alert, isActive } from '../../core/alerting/alerts/alert.ts';
import { isAsking } from '../../core/detection/rules/rule-schema.ts';
import { type Contact, contactKey } from '../../core/response/contacts/contact.ts';
import { type ContactState, contactStates } from '../../core/response/contacts/contact-state.ts';
import type { PageEffect, StoredEffect } from '../../core/response/outbox/effect.ts';
import { pagePriorities } from '../../core/response/outbox/lanes.ts';
import { type SyntheticState, syntheticState } from '../../core/selfcheck/synthetic/run.ts';
import { ticksNote } from '../../core/selfcheck/vitals/stored-rules.ts';
import { type Health, healthOf, type RuleTrouble, type Vitals } from '../../core/selfcheck/vitals/vitals.ts';
import { readFrom } from '../../core/telemetry/sources/source.ts';
import { isOwn } from '../../core/vocabulary/tenant.ts';
import { maxRetryAfterMs } from '../deliver/attempt.ts';
import type { SetAside } from '../deliver/receiver-health.ts';
import { inParallel } from '../in-parallel.ts';
import { readNote } from '../notes.ts';
import type { Ports } from '../ports/ports.ts';
import { readNotes } from '../selfcheck/vitals.ts';

/** Incidents whose timelines tell what became of pages. */
const mostIncidents = 30;
const mostContacts = 500;
const mostEffects = 1000;
const mostTroubles = 5;

export type SourceNow = {
  name: string;
  kind: string;
  /** Rules that ask it. */
  rules: number;
  /** When its rules were last judged. */
  judgedAt?: number;
  /** The rules that it does not serve, the oldest trouble first; at most 5. */
  troubles: RuleTrouble[];
  troubled: number;
  watchdog?: NonNullable<Vitals['watchdogs']>[number];
  /** Of alerts: when something was last sent to it. */
  heardAt?: number;
  /** Nothing was sent to it since this process started, and none of its alerts fires. */
  unheard?: true;
  /** Alerts of it that this process left out. */
  ignored?: number;
};

export type ContactNow = ContactState & {
  key: string;
  kind: Contact['kind'];
  /** Whose it is: `responder/ana`, `channel/ml-alerts`. */
  owners: string[];
  /** Undelivered pages: due now, and waiting for the rate limit or the next try. */
  waiting: number;
  held: number;
  oldestAt?: number;
  lastError?: string;
  /** It did not answer a few times, so only one page at a time tries it. */
  setAside?: SetAside;
};

export type HookNow = { deployment: string; kind: string; answeredAt?: number; unanswered: boolean };

export type Integrations = {
  health: Health;
  synthetic?: { state: SyntheticState; startedAt: number };
  sources: SourceNow[];
  contacts: ContactNow[];
  hooks: HookNow[];
  /** Pages of so many incidents were looked at. */
  incidents: number;
};

/** How everything that Tocsin reads from and writes to does, by what is noted. */
export async function integrations(ports: Pick<Ports, 'config' | 'store' | 'inFlight'>, now: number): Promise<Integrations> {
  const { config, store, inFlight } = ports;
  const [noted, ticks, incidents, alerts, ...due] = await Promise.all([
    readNotes(ports),
    readNote(store, ticksNote),
    store.incidents({ status: 'all', limit: mostIncidents }),
    store.alerts(),
    ...pagePriorities.map((priority) => store.dueEffects(now + maxRetryAfterMs, mostEffects, { priorities: [priority] })),
  ]);
  const timelines: Awaited<ReturnType<typeof store.timeline>>[] = [];
  await inParallel(incidents, async ({ id }) => void timelines.push(await store.timeline(id)));
  const states = contactStates(timelines.flat());
  const { synthetic } = noted;
  return {
    health: healthOf(noted, now),
    ...(synthetic !== undefined && {
      synthetic: { state: syntheticState(synthetic.run, synthetic.configured, now), startedAt: synthetic.run.startedAt },
    }),
    sources: sourcesNow(ports, noted.rules?.rules ?? [], ticks?.sources ?? {}, noted.vitals?.watchdogs ?? [], lastSent(alerts)),
    contacts: [...ownersOf(config)].slice(0, mostContacts).map(([key, { contact, owners }]) => ({
      ...{ key, kind: contact.kind, owners },
      ...states.get(key),
      ...waitingAt(key, due.flat(), ports, now),
    })),
    hooks: await Promise.all(
      Object.entries(config.deployments).map(async ([deployment, { hook }]) => {
        const answeredAt = (await store.deployment(deployment))?.sighting?.at;
        const unanswered = inFlight.unseenDeployments.has(deployment);
        return { deployment, kind: hook.kind, ...(answeredAt !== undefined && { answeredAt }), unanswered };
      }),
    ),
    incidents: incidents.length,
  };
}

function sourcesNow(
  { config, inFlight }: Pick<Ports, 'config' | 'inFlight'>,
  troubles: readonly RuleTrouble[],
  ticks: Readonly<Record<string, number>>,
  watchdogs: NonNullable<Vitals['watchdogs']>,
  sent: ReadonlyMap<string, number>,
): SourceNow[] {
  const rulesOf = Map.groupBy(
    Object.entries(config.rules).flatMap(([id, rule]) => (isAsking(rule) ? [{ id, source: rule.source }] : [])),
    ({ source }) => source,
  );
  return Object.entries(config.sources).map(([name, source]) => {
    const rules = new Set(rulesOf.get(name)?.map(({ id }): string => id));
    const own = troubles.filter(({ rule }) => rules.has(rule)).toSorted((a, b) => a.since - b.since);
    const watchdog = watchdogs.find((one) => one.source === name);
    const ignored = inFlight.ignoredAlerts.get(name);
    const heardAt = later(inFlight.heardAt.get(name), sent.get(name));
    return {
      ...{ name, kind: source.kind, rules: rules.size, troubles: own.slice(0, mostTroubles), troubled: own.length },
      ...(ticks[name] !== undefined && { judgedAt: ticks[name] }),
      ...(watchdog !== undefined && { watchdog }),
      ...(heardAt !== undefined ? { heardAt } : readFrom(source) === 'nowhere' && { unheard: true as const }),
      ...(ignored !== undefined && { ignored }),
    };
  });
}

/**
 * By source: when one of its alerts that fire was last told of, also by another process or before
 * the last start.
 */
function lastSent(alerts: readonly Alert[]): Map<string, number> {
  const sent = new Map<string, number>();
  for (const alert of alerts) {
    const { external, evaluatedAt } = alert;
    // What ended by time was looked at then, and not sent.
    if (external !== undefined && isActive(alert)) {
      sent.set(external.source, Math.max(evaluatedAt, sent.get(external.source) ?? 0));
    }
  }
  return sent;
}

const later = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);

function ownersOf({ responders, channels }: Ports['config']): Map<string, { contact: Contact; owners: string[] }> {
  const found = new Map<string, { contact: Contact; owners: string[] }>();
  const add = (contact: Contact, owner: string): void => {
    const key = contactKey(contact);
    const known = found.get(key);
    if (known === undefined) found.set(key, { contact, owners: [owner] });
    else known.owners.push(owner);
  };
  for (const [name, { contacts }] of Object.entries(responders)) for (const one of contacts) add(one, `responder/${name}`);
  for (const [name, contact] of Object.entries(channels)) add(contact, `channel/${name}`);
  return found;
}

type Waiting = Pick<ContactNow, 'waiting' | 'held' | 'oldestAt' | 'lastError' | 'setAside'>;
type StoredPage = StoredEffect & { effect: PageEffect };

function waitingAt(key: string, due: readonly StoredEffect[], { inFlight }: Pick<Ports, 'inFlight'>, now: number): Waiting {
  const pages = due.filter((one): one is StoredPage => {
    if (one.effect.kind !== 'page' || !isOwn(one.effect)) return false;
    const contact = one.effect.contacts[one.effect.contactIndex];
    return contact !== undefined && contactKey(contact) === key;
  });
  const [first] = pages;
  if (first === undefined) return { waiting: 0, held: 0 };
  const waiting = pages.filter(({ notBefore }) => notBefore <= now).length;
  const lastError = pages.findLast((one) => one.lastError !== undefined)?.lastError;
  const setAside = inFlight.receivers.setAside(first.effect, now);
  return {
    ...{ waiting, held: pages.length - waiting, oldestAt: Math.min(...pages.map(({ effect }) => effect.createdAt)) },
    ...(lastError !== undefined && { lastError }),
    ...(setAside !== undefined && { setAside }),
  };
}
