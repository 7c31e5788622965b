import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { webPushOf } from '../../adapters/web-push.ts';
import { judgeOnDemand } from '../../app/evaluate/judge-on-demand.ts';
import type { Ports } from '../../app/ports/ports.ts';
import type { RuleJudge } from '../../app/ports/rule-judge.ts';
import type { Store } from '../../app/ports/store.ts';
import type { Runbook } from '../../core/response/runbooks/runbook.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import { httpApp } from '../../http/app.ts';
import type { HttpOptions } from '../../http/options.ts';
import { allParts } from '../../http/parts/all.ts';
import { peoplePart } from '../../http/parts/people.ts';
import { type Part, type Story, storyOf, t0 } from '../scenario/harness.ts';
import { heldToDocument } from './contract/held-to-document.ts';

/**
 * The whole HTTP application on a real store. Each answer is held to the OpenAPI document. Time is
 * that of the story, and only the outside is not real.
 */
export type Site = {
  app: Hono;
  story: Story;
  ports: Ports;
  /** What people in Slack were told about their buttons. */
  replies: { url: string; text: string; blocks?: object[] }[];
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** A button press or a command, signed as Slack does unless the options say otherwise. */
  slack(
    path: string,
    fields: Record<string, string>,
    signed?: { secret?: string; ageSeconds?: number; body?: string; at?: number },
  ): Promise<Response>;
  /** Ends the alert of `incident`. */
  over(): Promise<void>;
  /** Makes an incident by a metric that goes critical; its id. */
  incident(labels?: Record<string, string>): Promise<string>;
};

const openApiFile = join(import.meta.dirname, '../../http/openapi/openapi.json');

/** The VAPID key that a machine makes for itself. */
export const pushKey = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';

export const slackSecret = 'the-signing-secret';

export const sources = {
  pushed: { kind: 'samples', labels: { environment: 'live' } },
  flights: { kind: 'predictions', model: 'flight-delays', bucket: '1h' },
} as const;

export function siteOf(
  options: {
    part?: Part;
    settings?: Part['settings'];
    secrets?: Record<string, string>;
    access?: HttpOptions['access'];
    runbooks?: Runbook[];
    reply?: HttpOptions['reply'];
    /** Another function judges on demand. */
    judge?: RuleJudge;
    feed?: HttpOptions['feed'];
    /** The store as requests see it; the story goes on with its own. */
    store?: (store: Store) => Store;
    /** The built console; none by default. */
    console?: HttpOptions['console'];
    rasteriser?: HttpOptions['rasteriser'];
    identityProvider?: (config: Ports['config']) => HttpOptions['identityProvider'];
    /** Asked for a secret, in place of `secrets`. */
    secret?: (name: string) => Promise<string | undefined>;
  } = {},
): Site {
  const slack = { token: 'SLACK_BOT_TOKEN', signingSecret: 'SLACK_SIGNING_SECRET', unknownUsers: 'responder' } as const;
  const story = storyOf({ sources, ...options.part, settings: { slack, ...options.settings } });
  const secrets: Record<string, string> = { SLACK_SIGNING_SECRET: slackSecret, MLFLOW_WEBHOOK: 'mlflow', ...options.secrets };
  const get = options.secret ?? (async (name: string) => secrets[name]);
  const store = options.store?.(story.ports.store) ?? story.ports.store;
  const ports: Ports = { ...story.ports, store, secrets: { get } };
  const { judge } = options;
  const replies: Site['replies'] = [];
  const bare = httpApp({
    parts:
      judge === undefined
        ? allParts
        : { ...allParts, people: peoplePart((own, rule, at) => judgeOnDemand(own, judge, asRuleId(rule), at)) },
    ports,
    now: story.clock.now,
    otlp: {
      take: async () => ({ kind: 'taken', rejected: 0, message: '' }),
      health: () => [],
    },
    webPush: webPushOf({ ...ports, ownPushKey: async () => pushKey }),
    ...(options.feed === undefined ? {} : { feed: options.feed }),
    runbooks: new Map((options.runbooks ?? []).map((runbook) => [runbook.name, runbook])),
    openApi: () => readFile(openApiFile, 'utf8'),
    access: options.access ?? 'local',
    console: options.console,
    ...(options.rasteriser === undefined ? {} : { rasteriser: options.rasteriser }),
    identityProvider: options.identityProvider?.(ports.config),
    // Whoever gives a wrong password waits, in no time.
    pause: async () => {},
    reply:
      options.reply ??
      (async (url, text, { blocks } = {}) => void replies.push({ url, text, ...(blocks === undefined ? {} : { blocks }) })),
  });
  const app = heldToDocument(bare);
  const site: Site = {
    app,
    story,
    ports,
    replies,
    get: async (path, headers = {}) => app.request(path, { headers }),
    post: async (path, body, headers = {}) =>
      app.request(path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
      }),
    slack: async (path, fields, { secret = slackSecret, ageSeconds = 0, body, at = Date.now() } = {}) => {
      const sent = new URLSearchParams(fields).toString();
      const timestamp = String(Math.floor(at / 1000) - ageSeconds);
      const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${sent}`).digest('hex')}`;
      return app.request(path, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/x-www-form-urlencoded',
          'X-Slack-Request-Timestamp': timestamp,
          'X-Slack-Signature': signature,
        },
        body: body ?? sent,
      });
    },
    async over() {
      await story.value('latency', 'ok');
      await story.pass('1m');
    },
    async incident(labels) {
      await story.value('latency', 'critical', labels);
      await story.pass('1m');
      return (await story.incident()).id;
    },
  };
  return site;
}

/** A time of the story that a record may have. */
export const recordTime = new Date(t0).toISOString();

/** A press of one of our buttons, as Slack sends it. */
export const press = (
  action: string,
  value: string,
  { user = 'U1', url = 'https://hooks.slack.com/actions/T1/1/x' }: { user?: string; url?: string } = {},
): Record<string, string> => ({
  payload: JSON.stringify({
    type: 'block_actions',
    user: { id: user, username: `name of ${user}` },
    response_url: url,
    actions: [{ action_id: action, value }],
  }),
});

export const basic = (user: string, password: string): Record<string, string> => ({
  Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});
