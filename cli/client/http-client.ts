import { userInfo } from 'node:os';
import type * as z from 'zod';
import { matcherText } from '../../core/vocabulary/matchers/matcher.ts';
import { conflictSchema } from '../../http/api/dto/action.ts';
import { auditLogSchema } from '../../http/api/dto/audit-entry.ts';
import { changeListSchema } from '../../http/api/dto/change.ts';
import { digestSchema } from '../../http/api/dto/digest.ts';
import { evidenceOf, evidenceSchema } from '../../http/api/dto/evidence.ts';
import { heartbeatListSchema, heartbeatSchema } from '../../http/api/dto/heartbeat.ts';
import { historySchema } from '../../http/api/dto/history.ts';
import { incidentDetailSchema } from '../../http/api/dto/incident-detail.ts';
import { incidentListSchema } from '../../http/api/dto/incident-list.ts';
import { insufficientEvidenceSchema } from '../../http/api/dto/insufficient-evidence.ts';
import { labelRecordSchema, labelsSchema } from '../../http/api/dto/labels.ts';
import { linkMadeSchema } from '../../http/api/dto/link.ts';
import { onCallSchema } from '../../http/api/dto/on-call.ts';
import { judgementSchema, type RuleStateDto, rulesSchema, whySchema } from '../../http/api/dto/rule.ts';
import { silencesSchema } from '../../http/api/dto/silence.ts';
import { timeOf } from '../../http/api/dto/time.ts';
import { trainingsSchema } from '../../http/api/dto/training.ts';
import { changesTakenSchema } from '../../http/openapi/wire/changes.ts';
import { trainingStoredSchema } from '../../http/openapi/wire/ingest-answers.ts';
import { StartError } from '../../local/start-error.ts';
import { changeTold } from './change-told.ts';
import type { Client, Done } from './client.ts';
import { trained } from './trained.ts';

type Answer = { status: number; json: unknown };

/** A client of a running service, over its API. */
export function httpClient(base: string): Client {
  const password = process.env['TOCSIN_WEB_PASSWORD'];
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    ...(password === undefined
      ? {}
      : { Authorization: `Basic ${Buffer.from(`${userInfo().username}:${password}`).toString('base64')}` }),
  };
  /** An ingest key covers what it may send; people use the password. */
  const key = process.env['TOCSIN_INGEST_KEY'] || undefined;
  const asSender = key === undefined ? headers : { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` };

  async function ask(path: string, body?: unknown, sent: Record<string, string> = headers, waitMs = 15_000): Promise<Answer> {
    const response = await fetch(new URL(path, base), {
      headers: sent,
      // Following a redirect would send the password somewhere nobody named.
      redirect: 'error',
      signal: AbortSignal.timeout(waitMs),
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    }).catch((cause: Error) => {
      throw new StartError(`${base} does not answer: ${cause.cause instanceof Error ? cause.cause.message : cause.message}`, {
        cause,
      });
    });
    const { status } = response;
    const json: unknown = await response.json().catch(() => undefined);
    const error = textIn(json, 'error') ?? String(status);
    if (status === 401)
      throw new StartError(
        `${base}: ${error}; the password goes into TOCSIN_WEB_PASSWORD, the key of a sender into TOCSIN_INGEST_KEY`,
      );
    if (status === 403 && body === undefined) throw new StartError(`${base}: ${error}`);
    if (status >= 500) throw new StartError(`${base} answers ${status}: ${error}`);
    return { status, json };
  }

  /** An unexpected response comes from another version. */
  function read<T>(path: string, schema: z.ZodType<T>, json: unknown): T {
    const parsed = schema.safeParse(json);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const what = `${issue?.path.map(String).join('.')}: ${issue?.message}`;
    throw new StartError(`${base} answers ${path} in another form (${what}); is it of the version of this command line?`);
  }
  const look = async <T>(path: string, schema: z.ZodType<T>): Promise<T> => read(path, schema, (await ask(path)).json);
  const act = async (path: string, body: unknown): Promise<Done> => done(await ask(path, body));

  return {
    incidents: (status, limit, synthetic = false) =>
      look(`/api/incidents?status=${status}&limit=${limit}${synthetic ? '&synthetic=true' : ''}`, incidentListSchema),
    async show(id) {
      const path = `/api/incidents/${encodeURIComponent(id)}`;
      const { status, json } = await ask(path);
      return status === 404 ? undefined : read(path, incidentDetailSchema, json);
    },
    async respond(id, action, actor, force = false) {
      const path = `/api/incidents/${encodeURIComponent(id)}/${action}`;
      const answer = await ask(path, { actor, ...(force ? { force } : {}) });
      if (answer.status !== 409) return done(answer);
      const { error, stillFiring } = read(path, conflictSchema, answer.json);
      return { ok: false, message: error, ...(stillFiring === undefined ? {} : { stillFiring: stillFiring.lines }) };
    },
    silence: ({ match, ...request }) => act('/api/silences', { ...request, match: match.map(matcherText) }),
    silences: async () => (await look('/api/silences', silencesSchema)).silences,
    evidence: async () => evidenceOf((await look('/api/evidence', evidenceSchema)).rules),
    insufficientEvidence: async () => (await look('/api/insufficient-evidence', insufficientEvidenceSchema)).rules,
    digest: (since, timezone) =>
      look(`/api/digest?since=${encodeURIComponent(since)}&timezone=${encodeURIComponent(timezone)}`, digestSchema),
    async rules() {
      const rules: RuleStateDto[] = [];
      for (let cursor = ''; ; ) {
        const page = await look(`/api/rules?limit=1000${cursor}`, rulesSchema);
        rules.push(...page.rules);
        if (page.next === undefined) return rules;
        cursor = `&cursor=${encodeURIComponent(page.next)}`;
      }
    },
    async why(rule) {
      const path = `/api/rules/${encodeURIComponent(rule)}/why`;
      const { status, json } = await ask(path);
      return status === 404 ? { error: textIn(json, 'error') ?? 'no such rule' } : read(path, whySchema, json);
    },
    async evaluate(rule) {
      const path = `/api/rules/${encodeURIComponent(rule)}/verdict`;
      // On AWS two functions may start for it, one after the other.
      const { status, json } = await ask(path, undefined, headers, 30_000);
      if (status === 404 || status === 429) return { error: textIn(json, 'error') ?? String(status) };
      return read(path, judgementSchema, json);
    },
    async history(rule, { series, from, to, most }) {
      const query = new URLSearchParams({ from: timeOf(from), to: timeOf(to), limit: String(most) });
      if (series !== undefined) query.set('series', series);
      const path = `/api/rules/${encodeURIComponent(rule)}/history?${query}`;
      const { status, json } = await ask(path);
      return status === 404 ? { error: textIn(json, 'error') ?? 'no such rule' } : read(path, historySchema, json);
    },
    heartbeats: async () => (await look('/api/heartbeats', heartbeatListSchema)).heartbeats,
    async heartbeat(name) {
      const path = `/api/heartbeats/${encodeURIComponent(name)}`;
      const { status, json } = await ask(path);
      return status === 404 ? { error: textIn(json, 'error') ?? 'no such heartbeat' } : read(path, heartbeatSchema, json);
    },
    override: (request) => act('/api/overrides', request),
    async link(id, lasts, actor) {
      const path = `/api/incidents/${encodeURIComponent(id)}/link`;
      const answer = await ask(path, { for: lasts, actor });
      return answer.status === 200 ? { ok: true, ...read(path, linkMadeSchema, answer.json) } : done(answer);
    },
    end: ({ kind, id }, actor) => act(`/api/${kind}s/${encodeURIComponent(id)}/end`, { actor }),
    oncall: () => look('/api/oncall', onCallSchema),
    auditLog: (limit, before) =>
      look(`/api/audit-log?limit=${limit}${before === undefined ? '' : `&before=${encodeURIComponent(before)}`}`, auditLogSchema),
    labels: async () => (await look('/api/labels', labelsSchema)).sources,
    async label(source, id) {
      const path = `/api/labels/${encodeURIComponent(source)}/${encodeURIComponent(id)}`;
      const { status, json } = await ask(path);
      return status === 404 ? undefined : read(path, labelRecordSchema, json);
    },
    async change(body) {
      const { status, json } = await ask('/v1/changes', body, asSender);
      const parsed = changesTakenSchema.safeParse(json);
      return parsed.success ? changeTold(parsed.data) : done({ status, json });
    },
    async changes(asked) {
      const path = `/api/changes?${new URLSearchParams(asked)}`;
      const { status, json } = await ask(path);
      if (status === 400) throw new StartError(textIn(json, 'error') ?? String(status));
      return read(path, changeListSchema, json);
    },
    async train(source, body) {
      const path = `/v1/baselines?source=${encodeURIComponent(source)}`;
      const answer = await ask(path, body, asSender);
      return answer.status === 200 ? trained(read(path, trainingStoredSchema, answer.json)) : done(answer);
    },
    trainings: () => look('/api/baselines', trainingsSchema),
    async promote(source, version, actor) {
      const [name, of] = [encodeURIComponent(source), encodeURIComponent(version)];
      if (key === undefined) return act(`/api/baselines/${name}/${of}/promote`, { actor });
      return done(await ask(`/v1/baselines/promote?source=${name}&version=${of}`, {}, asSender));
    },
    accept: ({ windowMs, ...request }) =>
      act('/api/accepted-baselines', { ...request, ...(windowMs === undefined ? {} : { window: `${windowMs / 1000}s` }) }),
    async close() {},
  };
}

const done = ({ status, json }: Answer): Done => ({
  ok: status === 200,
  message: textIn(json, 'message') ?? textIn(json, 'error') ?? String(status),
});

function textIn(json: unknown, name: string): string | undefined {
  const text: unknown = typeof json === 'object' && json !== null ? Reflect.get(json, name) : undefined;
  return typeof text === 'string' ? text : undefined;
}
