import { addOverride } from '../../../app/respond/override.ts';
import { respond } from '../../../app/respond/respond.ts';
import { addSilence, endSilence } from '../../../app/respond/silence.ts';
import type { Alert } from '../../../core/alerting/alerts/alert.ts';
import type { Config } from '../../../core/config/schema.ts';
import { contactKey } from '../../../core/response/contacts/contact.ts';
import type { Incident } from '../../../core/response/incidents/incident.ts';
import type { Response } from '../../../core/response/incidents/respond.ts';
import type { TimelineEntry } from '../../../core/response/incidents/timeline.ts';
import type { Override } from '../../../core/response/oncall/override.ts';
import type { PageEffect } from '../../../core/response/outbox/effect.ts';
import { asIncidentId } from '../../../core/vocabulary/ids.ts';
import { type Matchers, matchersOf } from '../../../core/vocabulary/matchers/matcher.ts';
import type { Labels } from '../../../core/vocabulary/schema-parts.ts';
import { parseDuration } from '../../../core/vocabulary/units.ts';
import { type Part, type Story, storyOf } from '../harness.ts';
import type { Manner, Rung } from '../outside.ts';

export type Press = { at: number; response: Response; incidentId: string; ok: boolean };
export type Quiet = { id: string; match: Matchers; from: number; until: number };
/** One try to send a page, and how the phone was then. */
export type Try = { at: number; contact: string; key: string; manner: Manner };
export type AlertSeen = { at: number; alert: Alert };

/**
 * Everything that happened in a story, as seen from outside and as committed. Times in
 * milliseconds.
 */
export type StoryRecord = {
  config: Config;
  from: number;
  until: number;
  /** Each state of each alert and incident, when it was committed. */
  alerts: AlertSeen[];
  incidents: { at: number; incident: Incident }[];
  entries: TimelineEntry[];
  pages: PageEffect[];
  presses: Press[];
  silences: Quiet[];
  overrides: Override[];
  manners: { at: number; contact: string; manner: Manner }[];
  /** While Tocsin itself was down. */
  downs: { from: number; to: number }[];
  tries: Try[];
  rung: Rung[];
};

export type Recorded = {
  story: Story;
  record(): StoryRecord;
  press(response: Response, options?: { incident?: string; force?: boolean }): Promise<boolean>;
  silence(match: Labels, time: string): Promise<void>;
  endSilences(): Promise<void>;
  override(schedule: string, assignee: string, time: string): Promise<void>;
  phone(contact: string, manner: Manner): void;
  /** Tocsin does nothing for this long, and then goes on. */
  down(time: string): void;
};

const msOf = (time: string): number => parseDuration(time) ?? Number.NaN;
const admin = { actor: 'responder/ana', role: 'admin' as const };

/** A story that keeps everything that happens in it. */
export function recordedStory(part: Part = {}): Recorded {
  const story = storyOf(part);
  const { store, clock, ports } = story;
  const kept: Pick<
    StoryRecord,
    'alerts' | 'incidents' | 'entries' | 'pages' | 'presses' | 'silences' | 'overrides' | 'manners' | 'downs' | 'tries'
  > = {
    alerts: [],
    incidents: [],
    entries: [],
    pages: [],
    presses: [],
    silences: [],
    overrides: [],
    manners: [],
    downs: [],
    tries: [],
  };
  const from = clock.now();
  const { commit } = store;
  store.commit = async (one) => {
    const result = await commit(one);
    if (result === 'conflict') return result;
    const at = clock.now();
    for (const write of one.writes) {
      if (write.kind === 'alert') kept.alerts.push({ at, alert: structuredClone(write.value) });
      if (write.kind === 'alert gone') {
        const before = kept.alerts.findLast(({ alert }) => alert.fingerprint === write.fingerprint);
        if (before !== undefined) kept.alerts.push({ at, alert: { ...before.alert, state: 'resolved' } });
      }
      if (write.kind === 'incident') kept.incidents.push({ at, incident: structuredClone(write.value) });
    }
    kept.entries.push(...one.timeline);
    for (const effect of one.effects) if (effect.kind === 'page') kept.pages.push(structuredClone(effect));
    return result;
  };
  const manners = new Map<string, Manner>();
  const { send } = story.phones.channel;
  story.phones.channel.send = async (to, page, key) => {
    const contact = contactKey(to);
    kept.tries.push({ at: clock.now(), contact, key, manner: manners.get(contact) ?? 'rings' });
    return send(to, page, key);
  };
  return {
    story,
    record: () => ({
      ...kept,
      config: ports.config,
      from,
      until: clock.now(),
      rung: [...story.phones.rung],
    }),
    async press(response, { incident, force = true } = {}) {
      const incidentId = incident ?? (await story.incidents())[0]?.id;
      if (incidentId === undefined) return false;
      const at = clock.now();
      const confirmed = force ? { force: true as const } : undefined;
      const { ok } = await respond(ports, { incidentId: asIncidentId(incidentId), response, confirmed, ...admin }, at);
      kept.presses.push({ at, response, incidentId, ok });
      return ok;
    },
    async silence(match, time) {
      const at = clock.now();
      const added = await addSilence(ports, { match: matchersOf(match), durationMs: msOf(time), comment: 'known', ...admin }, at);
      if (!added.ok) throw new Error(added.message);
      const { id, until } = added.silence;
      if (kept.silences.every((one) => one.id !== id)) kept.silences.push({ id, match: matchersOf(match), from: at + 1, until });
    },
    async endSilences() {
      const at = clock.now();
      for (const one of kept.silences) {
        if (one.until <= at) continue;
        await endSilence(ports, { id: one.id, ...admin }, at);
        one.until = at;
      }
    },
    async override(schedule, assignee, time) {
      const added = await addOverride(ports, { schedule, assignee, until: time, comment: 'ill', ...admin }, clock.now());
      if (!added.ok) throw new Error(added.message);
      kept.overrides.push(added.override);
    },
    phone(contact, manner) {
      manners.set(contact, manner);
      kept.manners.push({ at: clock.now(), contact, manner });
      story.phones.behave(contact, manner);
    },
    down(time) {
      const at = clock.now();
      clock.set(at + msOf(time));
      kept.downs.push({ from: at, to: clock.now() });
    },
  };
}
