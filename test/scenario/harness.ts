import { afterEach, expect } from 'vitest';
import { foldSamples } from '../../app/ingest/ingest.ts';
import { everyChannel } from '../../app/ports/channel.ts';
import { maxCommitActions } from '../../app/ports/commit.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { everyHook } from '../../app/ports/rollback-hook.ts';
import { everySource, type Source } from '../../app/ports/source.ts';
import type { Store } from '../../app/ports/store.ts';
import { type RespondResult, respond } from '../../app/respond/respond.ts';
import { addSilence } from '../../app/respond/silence.ts';
import { runtimePorts } from '../../app/runtime-ports.ts';
import { lookAtDeployments } from '../../app/selfcheck/look-at-deployments.ts';
import { storedSources } from '../../app/sources/all-sources.ts';
import type { AuditEntry } from '../../core/access/audit-log.ts';
import { type Config, type ConfigInput, configSchema } from '../../core/config/schema.ts';
import { lookEveryMs } from '../../core/remediation/deployments/served.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import type { Response } from '../../core/response/incidents/respond.ts';
import type { TimelineEntry, TimelineKind } from '../../core/response/incidents/timeline.ts';
import type { Effect } from '../../core/response/outbox/effect.ts';
import { asIncidentId } from '../../core/vocabulary/ids.ts';
import { matchersOf } from '../../core/vocabulary/matchers/matcher.ts';
import type { Labels } from '../../core/vocabulary/schema-parts.ts';
import { parseDuration } from '../../core/vocabulary/units.ts';
import { type VirtualClock, virtualClock } from '../../local/clock.ts';
import { type VirtualEvent, virtualRun } from '../../local/run/virtual-run.ts';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { entryLine } from './entry-line.ts';
import { type FakeHook, fakeHook, fakePhones, type Phones } from './outside.ts';

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
/** Monday, on the hour. */
export const t0 = Date.UTC(2026, 0, 5, 9);

type RuleInput = NonNullable<ConfigInput['rules']>[string];
/** The parts of a config that a story cares about; `settings` are added to those that all share. */
export type Part = Partial<ConfigInput>;

/** A rule on one pushed metric: warn above 100, critical above 200, judged every minute. */
export const ruleOn = (metric: string, more: Partial<RuleInput> = {}): RuleInput => ({
  source: 'pushed',
  query: { samples: { metric } },
  category: 'latency',
  runbook: 'latency-spike',
  threshold: { above: { warn: 100, critical: 200 } },
  ...more,
});

/** Values that lie in the bands of `ruleOn`. */
export const levels = { ok: 10, warn: 150, critical: 250 } as const;
export type Level = keyof typeof levels;

const phone = (name: string) => ({ name, contacts: [{ sns: name }] });
const duty = { policy: 'duty' };

/** Three tiers of one person each, 15 minutes apart, the last paged once more, then the room. */
export const configOf = (part: Part = {}): Config =>
  configSchema.parse({
    sources: { pushed: { kind: 'samples', labels: { environment: 'live' } } },
    rules: { slow: ruleOn('latency') },
    responders: { ana: phone('ana'), ben: phone('ben'), lea: phone('lea'), max: phone('max') },
    channels: { room: { sns: 'room' } },
    policies: {
      duty: {
        tiers: ['ana', 'ben', 'lea'].map((responder) => ({ targets: [{ responder }], ackWithin: '15m' })),
        repeat: 1,
        fallback: { channel: 'room' },
      },
    },
    matrix: { default: { warn: duty, critical: duty } },
    ...part,
  });

const unused: Source = { query: () => Promise.reject(new Error('this source is no part of the story')) };

export type Story = {
  ports: Ports;
  store: Store;
  clock: VirtualClock;
  phones: Phones;
  hook: FakeHook;
  /** Everything that was decided, as those who show it are told. */
  decided: { entries: TimelineEntry[]; effects: Effect[]; audit: AuditEntry[] };
  logged: string[];
  /** A value of this minute, which is judged when the minute is over. */
  value(metric: string, level: Level | number, labels?: Labels): Promise<void>;
  /** Lets time pass: `5m`, or until the time of the story that is so written: `@1:05`. */
  pass(time: string): Promise<void>;
  /** The same, while deployments are looked at every five minutes. */
  passLooking(time: string): Promise<void>;
  /** Confirmed, whatever fires. */
  press(response: Response, actor?: string, incident?: string): Promise<RespondResult>;
  silence(match: Labels, time: string): Promise<void>;
  /** `0:01 triggered: ana by sns:ana`, one line a page that was taken. */
  pages(): string[];
  /**
   * `0:16 escalated: tier 2, unacknowledged`: what happened, of all incidents, in fields and not in
   * its wording.
   */
  told(...kinds: TimelineKind[]): Promise<string[]>;
  /** The same entries as they are kept. */
  entries(...kinds: TimelineKind[]): Promise<TimelineEntry[]>;
  /** The latest incident. Throws when there is none. */
  incident(): Promise<Incident>;
  incidents(): Promise<Incident[]>;
};

/** `1:05`: an hour and five minutes after the story began; `0:05:30` with seconds. */
export function timeOf(at: number): string {
  const seconds = Math.floor((at - t0) / second);
  const two = (n: number): string => String(n).padStart(2, '0');
  const rest = seconds % 60 === 0 ? '' : `:${two(seconds % 60)}`;
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}${rest}`;
}

export function timeAt(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
  return t0 + hours * hour + minutes * minute + seconds * second;
}

/** A DynamoDB item takes 400 kB; some characters are several bytes. */
const maxRecordSize = 200_000;

const open: Store[] = [];
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
});

/** What must hold of every commit of every story. */
function checkedStore(store: Store): Store {
  let isOpen = true;
  return {
    ...store,
    /** Every record that a story has stored and read again is one that can be read. */
    async close() {
      if (isOpen) expect(await store.quarantined(9)).toEqual([]);
      isOpen = false;
      await store.close();
    },
    // Of the stores that there are the one that takes least.
    maxActions: maxCommitActions,
    async commit(commit) {
      const actions = commit.writes.length + commit.timeline.length + commit.effects.length + commit.done.length;
      if (actions > maxCommitActions) throw new Error(`a commit has ${actions} actions`);
      for (const { text, kind } of commit.timeline)
        if (text.trim() === '' || text.endsWith(': ')) throw new Error(`no reason: ${kind}`);
      for (const { kind, ...write } of commit.writes) {
        const size = JSON.stringify(write).length;
        if (size > maxRecordSize) throw new Error(`the ${kind} has ${size} characters`);
      }
      return store.commit(commit);
    },
  };
}

/** Everything that outlives a process: the store, the time, and the outside. */
export type World = { config: Config; store: Store; clock: VirtualClock; phones: Phones; hook: FakeHook };

/**
 * The slow random stories keep nothing decoded: what is read has been through its file, which takes
 * twice as long.
 */
const cached = () => (process.env['TOCSIN_DECODE_EACH_TIME'] === undefined ? {} : { cachedAlerts: 0, cachedBriefs: 0 });

export function worldOf(part: Part = {}, view: Parameters<typeof fakeHook>[0] = {}): World {
  const store = checkedStore(sqliteStore({ path: ':memory:', ...cached() }));
  open.push(store);
  const clock = virtualClock(t0);
  return { config: configOf(part), store, clock, phones: fakePhones(clock), hook: fakeHook(view) };
}

/** What one process of Tocsin has of the world. */
export function portsOf({ config, store, phones, hook }: World, more: Pick<Ports, 'log' | 'observe' | 'observeAudit'>): Ports {
  const { channel } = phones;
  return {
    ...runtimePorts(config),
    store,
    sources: { ...everySource(unused), ...storedSources(store) },
    channels: everyChannel(channel),
    hooks: everyHook(hook),
    secrets: { get: async () => undefined },
    ...more,
  };
}

/** Tocsin on a virtual clock and an empty store; only the outside is not real. */
export function storyOf(part: Part = {}, view: Parameters<typeof fakeHook>[0] = {}): Story {
  const world = worldOf(part, view);
  const { store, clock, phones, hook } = world;
  const decided: Story['decided'] = { entries: [], effects: [], audit: [] };
  const logged: string[] = [];
  const ports = portsOf(world, {
    log: (level, message, fields) => void logged.push(`${level}: ${message} ${JSON.stringify(fields ?? {})}`),
    observe(entries, effects) {
      decided.entries.push(...entries);
      decided.effects.push(...effects);
    },
    observeAudit: (entries) => void decided.audit.push(...entries),
  });
  let batch = 0;
  const incidents = (): Promise<Incident[]> => store.incidents({ status: 'all', limit: 1000 });
  const latest = async (): Promise<Incident> => {
    const [incident] = await incidents();
    if (incident === undefined) throw new Error('expected an incident; there is none');
    return incident;
  };
  const entries = async (kinds: TimelineKind[]): Promise<TimelineEntry[]> => {
    const all: TimelineEntry[] = [];
    for (const { id } of (await incidents()).toReversed()) all.push(...(await store.timeline(id)));
    return all.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
  };
  const pass = async (time: string, everyMs = Number.POSITIVE_INFINITY): Promise<void> => {
    const until = time.startsWith('@') ? timeAt(time.slice(1)) : clock.now() + (parseDuration(time) ?? Number.NaN);
    if (!(until >= clock.now())) throw new Error(`expected a time that is still to come; received ${time}`);
    const events: VirtualEvent[] = [];
    for (let at = clock.now(); at <= until; at += everyMs)
      if (everyMs < until) events.push({ at, run: async () => void (await lookAtDeployments(ports, clock.now())) });
    await virtualRun({ ports, clock, events, until });
  };
  return {
    ports,
    store,
    clock,
    phones,
    hook,
    decided,
    logged,
    incidents,
    incident: latest,
    async value(metric, level, labels = { model: 'm' }) {
      const value = typeof level === 'number' ? level : levels[level];
      await foldSamples(ports, 'pushed', [{ metric, value, timestamp: clock.now(), labels }], `batch ${batch++}`, clock.now());
    },
    pass: (time) => pass(time),
    passLooking: (time) => pass(time, lookEveryMs),
    press: async (response, actor = 'responder/ana', incident) =>
      respond(
        ports,
        { incidentId: asIncidentId(incident ?? (await latest()).id), response, actor, role: 'admin', confirmed: { force: true } },
        clock.now(),
      ),
    async silence(match, time) {
      const durationMs = parseDuration(time) ?? Number.NaN;
      const added = await addSilence(
        ports,
        { match: matchersOf(match), durationMs, actor: 'responder/ana', role: 'admin', comment: 'known' },
        clock.now(),
      );
      if (!added.ok) throw new Error(added.message);
    },
    pages: () =>
      phones.rung.map(({ at, contact, page }) => {
        const held = page.held.length === 0 ? '' : ` with ${page.held.length} more`;
        return `${timeOf(at)} ${page.reason}: ${page.target} by ${contact}${held}`;
      }),
    told: async (...kinds) => (await entries(kinds)).map((entry) => `${timeOf(entry.at)} ${entryLine(entry)}`),
    entries: (...kinds) => entries(kinds),
  };
}
