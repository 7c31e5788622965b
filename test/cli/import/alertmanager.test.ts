import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { type Imported, importAlertmanager } from '../../../cli/import/alertmanager/import.ts';
import { complementOf } from '../../../cli/import/alertmanager/time-intervals.ts';
import { isMutedBy } from '../../../core/alerting/mute-timings/mute-timing.ts';
import { routed } from '../../../core/alerting/routes/route.ts';
import { readDocument } from '../../../core/config/document.ts';
import { formatConfigError, loadConfig } from '../../../core/config/load.ts';
import type { Config } from '../../../core/config/schema.ts';
import { folderOf, tocsin } from '../run.ts';

const about = { source: 'prometheus', category: 'availability', runbook: 'look' } as const;

function imported(text: string): Imported {
  const read = readDocument({ path: 'alertmanager.yml', text });
  if (!read.ok) throw new Error(read.errors.map(formatConfigError).join('\n'));
  return importAlertmanager(read.document, about);
}

/** The config that the result is, or why it is none. */
function configOf({ config }: Imported): Config {
  const loaded = loadConfig([{ path: 'imported.yaml', text: stringify(config) }], new Set(['look', 'source-failing']));
  if (!loaded.ok) throw new Error(`${loaded.errors.map(formatConfigError).join('\n')}\n${stringify(config)}`);
  return loaded.config;
}

const notesAt = ({ notes }: Imported, line: number): string[] =>
  notes.flatMap((note) => (note.line === line ? [`${note.kind}: ${note.text}`] : []));

type AlertmanagerRoute = {
  receiver?: string;
  matchers?: string[];
  continue?: boolean;
  routes?: AlertmanagerRoute[];
};

const receivers = [
  { name: 'room', slack_configs: [{ channel: '#room' }] },
  { name: 'team', slack_configs: [{ channel: '#team' }, { channel: '#leads' }] },
  { name: 'topic', sns_configs: [{ topic_arn: 'arn:aws:sns:eu-central-1:111122223333:t' }] },
  { name: 'nobody' },
];

const labelNames = ['alertname', 'a', 'b'];
const matcher = fc
  .tuple(fc.constantFrom(...labelNames), fc.constantFrom('=', '!=', '=~', '!~'), fc.constantFrom('x', 'y', 'x|z', '.+', ''))
  .map(([label, op, value]) => `${label}${op}"${value}"`);

const routeOf = (depth: number): fc.Arbitrary<AlertmanagerRoute> =>
  fc.record(
    {
      receiver: fc.constantFrom(...receivers.map(({ name }) => name)),
      matchers: fc.array(matcher, { maxLength: 2 }),
      continue: fc.boolean(),
      ...(depth === 0 ? {} : { routes: fc.array(routeOf(depth - 1), { maxLength: 3 }) }),
    },
    { requiredKeys: ['matchers'] },
  );
const tree = fc.record({
  receiver: fc.constantFrom(...receivers.map(({ name }) => name)),
  routes: fc.array(routeOf(2), { maxLength: 4 }),
});
const alertLabels = fc.record({
  alertname: fc.constantFrom('x', 'y', 'z'),
  a: fc.constantFrom('', 'x', 'y', 'z'),
  b: fc.constantFrom('', 'x', 'y', 'z'),
});

/** Whom an Alertmanager notifies: the simplest program that does what its documentation says. */
function notified(route: AlertmanagerRoute, labels: Record<string, string>, inherited = ''): string[] | undefined {
  const holds = (route.matchers ?? []).every((text) => {
    const [, name = '', op = '', value = ''] = /^(\w+)(=~|!~|!=|=)"(.*)"$/.exec(text) ?? [];
    const has = labels[name] ?? '';
    const named = op.endsWith('~') ? new RegExp(`^(?:${value})$`).test(has) : has === value;
    return named === !op.startsWith('!');
  });
  if (!holds) return undefined;
  const receiver = route.receiver ?? inherited;
  const found: string[] = [];
  for (const child of route.routes ?? []) {
    const inner = notified(child, labels, receiver);
    if (inner === undefined) continue;
    found.push(...inner);
    if (child.continue !== true) break;
  }
  return found.length === 0 ? [receiver] : found;
}

describe('tocsin import alertmanager', () => {
  it('pages whom the first route notifies, and tells whom later ones do', () => {
    fc.assert(
      fc.property(tree, fc.array(alertLabels, { minLength: 1, maxLength: 10 }), (route, alerts) => {
        const result = imported(stringify({ route, receivers }));
        const { routes, policies, matrix, channels } = configOf(result);
        // A route to nobody that takes alerts without labels is left out, and says so.
        fc.pre(!result.notes.some(({ text }) => text.startsWith('this route to nobody')));
        for (const labels of alerts) {
          const [first = '', ...others] = notified(route, labels) ?? [];
          const to = routed(routes, { labels, own: { rule: 'prometheus/x', category: 'availability', severity: 'warn' } });
          const policy = to.nobody ? undefined : policies[to.policy ?? matrix.default.warn.policy];
          const paged = policy?.tiers[0]?.targets.map((target) => channels[target.channel ?? '']) ?? [];
          expect(paged).toEqual(contactsOf(first));
          const told = to.tell.map((target) => channels[target.channel ?? '']);
          expect(told).toEqual(expect.arrayContaining(others.flatMap(contactsOf)));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('says of any key that it does not know that it is left out, and where', () => {
    const parts = [
      'global: {}',
      'route: {receiver: room, routes: [{matchers: [a="x"], receiver: team}]}',
      'receivers: [{name: room, slack_configs: [{channel: c}]}, {name: team, sns_configs: [{topic_arn: "arn:aws:sns:eu-central-1:111122223333:t"}]}]',
      'inhibit_rules: [{source_matchers: [a="x"], target_matchers: [b="x"]}]',
      'time_intervals: [{name: n, time_intervals: [{times: [{start_time: "01:00", end_time: "02:00"}]}]}]',
    ];
    const places = parts.flatMap((part, line) => [...part.matchAll(/\{/g)].map(({ index }) => ({ line, index })));
    expect(places.length).toBeGreaterThan(10);
    for (const { line, index } of places) {
      const odd = parts.map((part, at) => (at === line ? `${part.slice(0, index + 1)}zzz: 1, ${part.slice(index + 1)}` : part));
      expect(notesAt(imported(odd.join('\n')), line + 1).join('\n')).toMatch(/left out: (zzz\b|"zzz": )/);
    }
  });

  it('keeps one interval of time as windows of the week, and outside of active ones mutes', () => {
    const result = imported(`
route:
  receiver: room
  routes:
    - {receiver: team, matchers: [a="x"], mute_time_intervals: [night]}
    - {receiver: team, matchers: [a="y"], active_time_intervals: [office]}
receivers: ${JSON.stringify(receivers)}
time_intervals:
  - {name: night, time_intervals: [{times: [{start_time: '22:30', end_time: '24:00'}], weekdays: ['friday:saturday'], location: Europe/Berlin}]}
  - {name: office, time_intervals: [{times: [{start_time: '09:00', end_time: '17:00'}], weekdays: ['monday:friday']}]}
`);
    expect(result.notes.filter(({ kind }) => kind === 'left out')).toEqual([]);
    const { muteTimings } = configOf(result);
    expect(muteTimings.night).toMatchObject({
      timezone: 'Europe/Berlin',
      windows: [{ days: ['fri', 'sat'], from: '22:30', to: '00:00' }],
    });
    const outside = muteTimings['outside-office'];
    if (outside === undefined) throw new Error('expected a mute timing outside of office hours');
    const mutedAt = (time: string): boolean => isMutedBy(outside, Date.parse(time));
    expect(mutedAt('2026-11-30T08:59:00Z')).toBe(true);
    expect(mutedAt('2026-11-30T09:00:00Z')).toBe(false);
    expect(mutedAt('2026-11-30T16:59:00Z')).toBe(false);
    expect(mutedAt('2026-11-30T17:00:00Z')).toBe(true);
    expect(mutedAt('2026-11-29T12:00:00Z')).toBe(true);
  });

  it('mutes outside of any windows of a week exactly when they are not active', () => {
    const clock = fc.integer({ min: 0, max: 1439 }).map((minute) => ({ minute, text: clockText(minute) }));
    const days = fc.subarray(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const, { minLength: 1 });
    const window = fc
      .tuple(days, clock, clock)
      .filter(([, from, to]) => from.minute < to.minute)
      .map(([on, from, to]) => ({ days: [...on], from: from.text, to: to.text }));
    const monday = Date.parse('2026-11-30T00:00:00Z');
    fc.assert(
      fc.property(fc.array(window, { maxLength: 4 }), fc.integer({ min: 0, max: 7 * 1440 - 1 }), (windows, minute) => {
        const at = monday + minute * 60_000;
        const active = isMutedBy({ timezone: 'UTC', match: [], windows }, at);
        const outside = complementOf(windows);
        expect(isMutedBy({ timezone: 'UTC', match: [], windows: outside }, at)).toBe(!active);
      }),
    );
  });

  it('leaves out times that are no windows of a week, and never mutes more for it', () => {
    const result = imported(`
route:
  receiver: room
  routes:
    - {receiver: team, matchers: [a="x"], mute_time_intervals: [xmas], active_time_intervals: [xmas]}
receivers: ${JSON.stringify(receivers)}
time_intervals:
  - {name: xmas, time_intervals: [{months: ['december'], days_of_month: ['24:26']}]}
`);
    expect(configOf(result).muteTimings).toEqual({});
    expect(notesAt(result, 8)).toEqual([expect.stringContaining('days_of_month, months')]);
    expect(notesAt(result, 5)).toEqual([expect.stringContaining('active_time_intervals')]);
  });

  it('prints what has no contact here instead of losing it, and never repeats a secret', async () => {
    const text = `
route: {receiver: pagers}
receivers:
  - name: pagers
    wechat_configs: [{api_secret: s3cr3t-value, to_user: ana}]
`;
    const result = imported(text);
    expect(configOf(result).channels).toEqual({ pagers: { kind: 'terminal' } });
    expect(notesAt(result, 5)).toEqual([expect.stringContaining('wechat_configs')]);
    const ran = await tocsin(['import', 'alertmanager', 'am.yml'], { cwd: folderOf({ 'am.yml': text }) });
    expect(ran.code).toBe(0);
    expect(ran.err).toMatch(/^am\.yml:5: left out: wechat_configs/m);
    expect(ran.out + ran.err).not.toContain('s3cr3t-value');
  });

  it('makes contacts of integrations, and names their secrets instead of writing them', () => {
    const result = imported(`
global:
  smtp_from: tocsin@example.com
  smtp_smarthost: mail.example.com:587
  smtp_auth_username: tocsin
  smtp_auth_password: s3cr3t-mail
route: {receiver: on-call}
receivers:
  - name: on-call
    pagerduty_configs: [{routing_key: s3cr3t-key}]
    slack_configs: [{channel: '#ops', api_url: 'https://hooks.slack.com/services/T0/B0/s3cr3t'}]
    email_configs: [{to: 'Ana <ana@example.com>, ben@example.com'}]
    msteamsv2_configs: [{webhook_url_file: /etc/teams}]
    discord_configs: [{webhook_url: 'https://discord.com/api/webhooks/1/s3cr3t'}]
    telegram_configs: [{bot_token_file: /etc/bot, chat_id: -1001234567890, message_thread_id: 7, parse_mode: HTML}]
    mattermost_configs: [{webhook_url: 'https://mm.example.com/hooks/s3cr3t'}]
    webhook_configs:
      - {url: 'https://example.com/am', http_config: {authorization: {credentials: s3cr3t-token}}}
      - {url: 'https://user:s3cr3t@example.com/am'}
`);
    const { channels, settings } = configOf(result);
    expect(Object.values(channels)).toEqual([
      { kind: 'pagerduty', routingKey: 'PAGERDUTY_KEY_ON_CALL', region: 'us' },
      { kind: 'slackWebhook', address: 'SLACK_WEBHOOK_ON_CALL' },
      { kind: 'email', to: ['ana@example.com', 'ben@example.com'] },
      { kind: 'teams', address: 'TEAMS_WEBHOOK_ON_CALL' },
      { kind: 'discord', address: 'DISCORD_WEBHOOK_ON_CALL' },
      { kind: 'telegram', token: 'TELEGRAM_TOKEN_ON_CALL', chat: '-1001234567890', topic: 7 },
      { kind: 'mattermost', address: 'MATTERMOST_WEBHOOK_ON_CALL' },
      {
        kind: 'webhook',
        url: 'https://example.com/am',
        secret: 'WEBHOOK_SECRET_ON_CALL',
        format: 'alertmanager',
        bearer: 'WEBHOOK_TOKEN_ON_CALL',
      },
    ]);
    expect(settings.email).toMatchObject({
      from: 'tocsin@example.com',
      smtp: { host: 'mail.example.com', port: 587, tls: 'starttls', user: 'tocsin', password: 'SMTP_PASSWORD' },
    });
    expect(notesAt(result, 19)).toEqual([expect.stringContaining('without a password')]);
    expect(JSON.stringify(result)).not.toContain('s3cr3t');
  });

  it('says what is wrong with a file that is none', async () => {
    const cwd = folderOf({ 'list.yml': '- 1', 'bad.yml': 'a: [', 'empty.yml': '' });
    for (const name of ['list.yml', 'bad.yml', 'empty.yml', 'missing.yml']) {
      const ran = await tocsin(['import', 'alertmanager', name], { cwd });
      expect([name, ran.code], ran.out).not.toEqual([name, 0]);
      expect(ran.err).toContain(name);
    }
  });
});

const clockText = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

function contactsOf(name: string): object[] {
  const receiver = receivers.find((one) => one.name === name);
  return [
    ...(receiver?.slack_configs ?? []).map(({ channel }) => ({ kind: 'slack', channel: channel.slice(1) })),
    ...(receiver?.sns_configs ?? []).map(({ topic_arn }) => ({ kind: 'sns', topic: topic_arn })),
  ];
}
