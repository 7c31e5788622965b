import { describe, expect, it } from 'vitest';
import { slackReply } from '../../adapters/slack/reply.ts';
import { matchersOf } from '../../core/vocabulary/matchers/matcher.ts';
import { press, type Site, siteOf } from './site.ts';

const acknowledge = 'tocsin.acknowledge';

let triggers = 0;
/** Slack gives every command a trigger of its own, so that no two are the same to the byte. */
const command = (text: string, user = 'U1') => ({
  trigger_id: String(triggers++),
  text,
  user_id: user,
  user_name: `name of ${user}`,
  response_url: 'https://hooks.slack.com/commands/T1/1/x',
});

async function told(site: Site, text: string, user?: string): Promise<string> {
  const response = await site.slack('/slack/commands', command(text, user));
  expect(response.status).toBe(200);
  const answer = (await response.json()) as { response_type: string; text: string };
  expect(answer.response_type).toBe('ephemeral');
  return answer.text;
}

describe('the signature of Slack', () => {
  it.each([
    ['of another secret', { secret: 'another' }, /does not match/],
    ['over another body', { body: 'payload=%7B%7D' }, /does not match/],
    ['that is six minutes old', { ageSeconds: 360 }, /s old/],
    ['that is six minutes ahead', { ageSeconds: -360 }, /s ahead/],
  ])('%s is refused, and nothing happens', async (_, signed, reason) => {
    const site = siteOf();
    const id = await site.incident();
    for (const path of ['/slack/interactions', '/slack/commands']) {
      const response = await site.slack(path, { ...press(acknowledge, id), ...command(`ack ${id}`) }, signed);
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ error: expect.stringMatching(reason) });
    }
    expect(await site.story.incident()).toMatchObject({ status: 'triggered' });
  });

  it('is asked for', async () => {
    const response = await siteOf().post('/slack/interactions', 'payload={}');
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ error: expect.stringMatching(/X-Slack-Request-Timestamp header is missing/) });
  });

  it('counts once: a request that was recorded and is sent again does nothing', async () => {
    const site = siteOf();
    const id = await site.incident();
    const fields = command(`escalate ${id}`);
    const signed = { at: Date.now() };
    const sent = await site.slack('/slack/commands', fields, signed);
    expect(await sent.json()).toMatchObject({ text: expect.stringMatching(/escalated by/) });
    const again = await site.slack('/slack/commands', fields, signed);
    expect(again.status).toBe(401);
    expect(await again.json()).toEqual({ error: expect.stringMatching(/received before/) });
    expect((await site.story.incident()).escalation.tier).toBe(2);
  });

  it.each([
    ['the config names none', { settings: { slack: undefined } }],
    ['it has no value', { secrets: { SLACK_SIGNING_SECRET: '' } }],
  ])('cannot be checked while %s: 503, and the log says why', async (_, options) => {
    const site = siteOf(options);
    const response = await site.slack('/slack/commands', command('help'), { secret: 'x' });
    expect(response.status).toBe(503);
    expect(site.story.logged).toEqual([expect.stringMatching(/no signing secret/)]);
  });
});

describe('to resolve in Slack while alerts fire', () => {
  type Button = { action_id: string; value: string };
  const buttonIn = (blocks: object[] = []): Button =>
    (blocks as { type: string; elements?: Button[] }[]).find(({ type }) => type === 'actions')?.elements?.[0] as Button;
  const again = (site: Site, { action_id, value }: Button) => site.slack('/slack/interactions', press(action_id, value));

  it('asks the one who pressed, names what fires, and is done by a second button', async () => {
    const site = siteOf({ part: { rules: { slow: { ...rule, title: 'Latency' } } } });
    const id = await site.incident({ model: '<!channel>' });
    expect(await (await site.slack('/slack/interactions', press('tocsin.resolve', id))).text()).toBe('');
    expect(await site.story.incident()).toMatchObject({ status: 'triggered' });
    const [question] = site.replies;
    expect(question?.text).toMatch(
      /not resolved: 1 critical alert still fires:\n• critical: slow {.*model=&lt;!channel&gt;.*value 250/,
    );
    const button = buttonIn(question?.blocks);
    await again(site, button);
    expect(await site.story.incident()).toMatchObject({ status: 'resolved', resolvedBy: 'slack:U1 (name of U1)' });
    expect(site.replies[1]).toEqual({
      url: 'https://hooks.slack.com/actions/T1/1/x',
      text: expect.stringMatching(/resolved by slack:U1 .*; it comes back at /),
    });
  });

  it('asks again where something else fires by then', async () => {
    const site = siteOf();
    await site.slack('/slack/interactions', press('tocsin.resolve', await site.incident()));
    await site.incident({ model: 'm', host: 'b' });
    await again(site, buttonIn(site.replies[0]?.blocks));
    expect(await site.story.incident()).toMatchObject({ status: 'triggered' });
    expect(site.replies[1]?.text).toMatch(/since you looked, something else fires: 2 critical alerts still fire/);
    await again(site, buttonIn(site.replies[1]?.blocks));
    expect(await site.story.incident()).toMatchObject({ status: 'resolved' });
  });

  it('asks by the command, too', async () => {
    const site = siteOf();
    const id = await site.incident();
    const answer = (await (await site.slack('/slack/commands', command(`resolve ${id}`))).json()) as { blocks: object[] };
    expect(answer).toMatchObject({ response_type: 'ephemeral', text: expect.stringMatching(/still fires/) });
    await again(site, buttonIn(answer.blocks));
    expect(await site.story.incident()).toMatchObject({ status: 'resolved' });
  });

  it.each(['', 'inc-1 inc-2', '../x 1c0w'])('takes no button that names %j', async (value) => {
    const site = siteOf();
    await site.incident();
    expect((await again(site, { action_id: 'tocsin.resolve_confirmed', value })).status).toBeLessThan(500);
    expect(await site.story.incident()).toMatchObject({ status: 'triggered' });
  });
});

describe('a button in Slack', () => {
  it('acts in the name of the responder who has that Slack id, or of the user as such', async () => {
    const site = siteOf({ part: { responders: responders('U7') } });
    const id = await site.incident();
    expect((await site.slack('/slack/interactions', press(acknowledge, id, { user: 'U7' }))).status).toBe(200);
    expect(await site.story.incident()).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'responder/ana' });
    await site.over();
    await site.slack('/slack/interactions', press('tocsin.resolve', id, { user: 'U9' }));
    expect(await site.story.incident()).toMatchObject({ status: 'resolved', resolvedBy: 'slack:U9 (name of U9)' });
    expect(site.replies).toEqual([]);
  });

  it('answers with an empty body, for what was done shows in the message itself', async () => {
    const site = siteOf();
    const response = await site.slack('/slack/interactions', press(acknowledge, await site.incident()));
    expect(await response.text()).toBe('');
  });

  it('pressed by two people at once is taken in turn, and the second is told what the first did', async () => {
    const site = siteOf();
    const id = await site.incident();
    const answers = await Promise.all([
      site.slack('/slack/interactions', press(acknowledge, id, { user: 'U1', url: 'https://hooks.slack.com/1' })),
      site.slack('/slack/interactions', press('tocsin.escalate', id, { user: 'U2', url: 'https://hooks.slack.com/2' })),
      site.slack('/slack/interactions', press(acknowledge, id, { user: 'U3', url: 'https://hooks.slack.com/3' })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await site.story.told('acknowledged', 'escalated')).toHaveLength(2);
    expect(site.replies).toEqual([
      { url: expect.stringMatching(/[13]$/), text: expect.stringMatching(/was already acknowledged by slack:U[13]/) },
    ]);
  });

  it('that is refused tells the one who pressed it why', async () => {
    const site = siteOf();
    const id = await site.incident();
    await site.over();
    await site.slack('/slack/interactions', press('tocsin.resolve', id));
    await site.slack('/slack/interactions', press('tocsin.escalate', id));
    await site.slack('/slack/interactions', press('tocsin.rollback', 'inc-unknown'));
    expect(site.replies).toEqual([
      { url: 'https://hooks.slack.com/actions/T1/1/x', text: expect.stringMatching(/already resolved by slack:U1/) },
      { url: 'https://hooks.slack.com/actions/T1/1/x', text: expect.stringMatching(/there is no incident inc-unknown/) },
    ]);
  });

  it('is done also where the reply to it is not taken', async () => {
    const site = siteOf({ reply: () => Promise.reject(new Error('Slack answered 404')) });
    const response = await site.slack('/slack/interactions', press(acknowledge, 'inc-unknown'));
    expect(response.status).toBe(200);
    expect(site.story.logged).toEqual([expect.stringMatching(/^warn: Slack did not accept the response to a button.*404/)]);
  });

  it.each([
    ['an unknown action', press('tocsin.explode', 'inc-1'), /unknown action "tocsin.explode"; known are tocsin.acknowledge/],
    ['an action of another app', press('constructor', 'inc-1'), /unknown action/],
    ['no incident', press(acknowledge, ''), /names no incident/],
    ['an id that is none', press(acknowledge, '../../etc'), /names no incident/],
    ['no payload', { other: 'x' }, /expected a form with the field payload/],
    ['a payload that is no JSON', { payload: '{' }, /expected JSON/],
    ['another kind of interaction', { payload: '{"type":"view_submission","user":{"id":"U1"}}' }, /block_actions/],
    [
      'two actions at once',
      { payload: '{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"a"},{"action_id":"b"}]}' },
      /one action/,
    ],
  ])('with %s is refused with the reason', async (_, fields: Record<string, string>, reason) => {
    const response = await siteOf().slack('/slack/interactions', fields);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.stringMatching(reason) });
  });
});

describe('a reply to Slack', () => {
  it.each([
    ['another host', 'https://example.com/hook'],
    ['a host that only looks like it', 'https://hooks.slack.com.example.com/x'],
    ['another port', 'https://hooks.slack.com:8443/x'],
    ['an unencrypted address', 'http://hooks.slack.com/x'],
    ['this machine', 'http://127.0.0.1:4319/api/silences'],
  ])('does not go to %s', async (_, url) => {
    await expect(slackReply(url, 'hello')).rejects.toThrow(/expected a response_url of Slack/);
  });

  it('does not go to what is no address', async () => {
    await expect(slackReply('nowhere', 'hello')).rejects.toThrow(/URL/);
  });
});

describe('/tocsin', () => {
  it('lists what is open, with titles that cannot mention anyone', async () => {
    const site = siteOf({ part: { rules: { slow: { ...rule, title: 'Latency <!channel> & more' } } } });
    expect(await told(site, 'list')).toBe('No incident is open.');
    const id = await site.incident();
    expect(await told(site, 'list')).toMatch(new RegExp(`^\`${id}\` critical, triggered: Latency &lt;!channel&gt; &amp; more`));
  });

  it('acknowledges, escalates and resolves', async () => {
    const site = siteOf();
    const id = await site.incident();
    expect(await told(site, `escalate ${id}`)).toMatch(/escalated by slack:U1/);
    expect(await told(site, `ack \`${id}\``)).toMatch(/acknowledged by slack:U1 \(name of U1\)/);
    expect(await told(site, `ACK ${id}`)).toMatch(/already acknowledged by slack:U1/);
    await site.over();
    expect(await told(site, `resolve ${id}`)).toMatch(/ resolved by/);
    expect(await told(site, `escalate ${id}`)).toMatch(/was already resolved by/);
  });

  it('silences, and says until when', async () => {
    const site = siteOf();
    expect(await told(site, 'silence model=m,environment=live 2h we know')).toMatch(
      /no pages for model="m", environment="live" until 2026-01-05 11:00 UTC/,
    );
    expect(await site.ports.store.silences(site.story.clock.now())).toMatchObject([
      { match: matchersOf({ model: 'm', environment: 'live' }), comment: 'we know', by: 'slack:U1 (name of U1)' },
    ]);
  });

  it.each([
    ['', /\/tocsin ack ID/],
    ['help', /\/tocsin silence severity=~"page\|warning"/],
    ['ack', /expected \/tocsin ack ID .* received none/],
    ['ack inc-unknown', /there is no incident inc-unknown/],
    ['ack <script>', /expected \/tocsin ack ID .*received "&lt;script&gt;"/],
    ['explode everything', /unknown command "explode"; known are ack/],
    ['constructor', /unknown command "constructor"/],
    ['silence', /received no label/],
    ['silence model=m', /where a duration such as 30m/],
    ['silence model=m soon', /received "soon" where a duration/],
    ['silence model=m 1000d', /a silence lasts from 1s to 90d; received 1000d/],
    ['rollback inc-1', /unknown command/],
  ])('answers %j with what it expected', async (text, answer) => {
    expect(await told(siteOf(), text)).toMatch(answer);
  });

  it('says what is missing in a form that is not of Slack', async () => {
    const response = await siteOf().slack('/slack/commands', { text: 'help' });
    expect(await response.json()).toMatchObject({ text: expect.stringMatching(/not that of a Slack command/) });
  });
});

const rule = {
  source: 'pushed',
  query: { samples: { metric: 'latency' } },
  category: 'latency',
  runbook: 'latency-spike',
  threshold: { above: { warn: 100, critical: 200 } },
} as const;

const responders = (slackUser: string) =>
  Object.fromEntries(
    ['ana', 'ben', 'lea', 'max'].map((name) => [name, { name, contacts: [{ sns: name }], ...(name === 'ana' && { slackUser }) }]),
  );
