import type { Turn } from '../../core/response/oncall/in-force.ts';
import { onCallNow } from '../../core/response/oncall/in-force.ts';
import type { Runbook } from '../../core/response/runbooks/runbook.ts';
import { groupOfRule } from '../../core/selfcheck/health/model-of.ts';
import { profiledFeatures } from '../../core/telemetry/samples/profile-parts.ts';
import { asIncidentId } from '../../core/vocabulary/ids.ts';
import { holdsWords } from '../../core/vocabulary/words.ts';
import type { Ports } from '../ports/ports.ts';
import { effectiveConfig } from '../respond/effective-config.ts';
import { modelsIn } from './model-of.ts';
import { readOpen } from './open-incidents.ts';

export const thingKinds = ['incident', 'rule', 'model', 'feature', 'person', 'schedule', 'runbook'] as const;
export type ThingKind = (typeof thingKinds)[number];

/** Something that can be gone to by its name. */
export type Thing = {
  kind: ThingKind;
  /** Its id or name, as in its address. */
  id: string;
  title: string;
  /** What tells it from others of its name, such as the model of a feature. */
  note?: string;
  /**
   * Of a feature: its model. Of a model and a feature: where its predictions are sent. Of a person:
   * a schedule.
   */
  model?: string;
  source?: string;
  schedule?: string;
};

type Asked = { q: string; limit: number; runbooks: ReadonlyMap<string, Runbook> };

/**
 * What is named by all of the words: at most `limit` of each kind. Without words: open incidents.
 * Nothing is judged or counted for it, so it answers while somebody types.
 */
export async function search(
  ports: Pick<Ports, 'store' | 'config'>,
  { q, limit, runbooks }: Asked,
  now: number,
): Promise<Thing[]> {
  const isNamed = holdsWords(q);
  const [{ open }, config] = await Promise.all([readOpen(ports), effectiveConfig(ports, now)]);
  const found: Thing[] = [];
  const add = (things: Iterable<Thing>): void => {
    let count = 0;
    for (const thing of things) {
      if (!isNamed(`${thing.title} ${thing.id} ${thing.note ?? ''}`)) continue;
      if (count === limit) return;
      found.push(thing);
      count += 1;
    }
  };
  add(open.map(({ id, title }) => ({ kind: 'incident', id, title })));
  if (q.trim() === '') return found;
  if (!found.some(({ id }) => id === q.trim())) {
    const old = await ports.store.incident(asIncidentId(q.trim()));
    if (old !== undefined) found.push({ kind: 'incident', id: old.id, title: old.title, note: old.status });
  }
  add(
    Object.entries(config.rules).map(([id, rule]) => ({
      kind: 'rule',
      id,
      title: rule.title ?? id,
      note: groupOfRule(config, rule).name,
    })),
  );
  const models = modelsIn(config);
  add(models.map(({ model, name }) => ({ kind: 'model', id: model, title: model, source: name })));
  add(
    models.flatMap(({ model, name, source }) =>
      profiledFeatures(source).map((id): Thing => ({ kind: 'feature', id, title: id, note: model, model, source: name })),
    ),
  );
  const turns = onCallNow(config, now);
  add(Object.entries(config.responders).map(([id, { name }]) => personOf(id, name, turns, config.schedules)));
  add(
    turns.map(({ schedule, responder }) => ({
      kind: 'schedule',
      id: schedule,
      title: schedule,
      note: `${responder} is on call`,
    })),
  );
  add([...runbooks.values()].map(({ name, title }) => ({ kind: 'runbook', id: name, title })));
  return found;
}

/** With the schedule that they are on call for, else one that they take turns in. */
function personOf(
  id: string,
  name: string,
  turns: readonly Turn[],
  schedules: Readonly<Record<string, { responders: readonly string[] }>>,
): Thing {
  const now = turns.find(({ responder }) => responder === id)?.schedule;
  const schedule = now ?? Object.keys(schedules).find((one) => schedules[one]?.responders.includes(id));
  const note = now === undefined ? id : `${id}, on call for ${now}`;
  return { kind: 'person', id, title: name, note, ...(schedule !== undefined && { schedule }) };
}
