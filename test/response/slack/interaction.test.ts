import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionIds, parseCommand, parseInteraction } from '../../../core/response/slack/interaction.ts';
import { matchersOf } from '../../../core/vocabulary/matchers/matcher.ts';

const responseUrl = 'https://hooks.slack.com/actions/T1/2/3';
const press = (over: object = {}, action: object = {}) =>
  new URLSearchParams({
    payload: JSON.stringify({
      type: 'block_actions',
      user: { id: 'U1', username: 'ana', team_id: 'T1' },
      response_url: responseUrl,
      actions: [{ type: 'button', action_id: 'tocsin.acknowledge', block_id: 'b', value: 'inc-0123456789', action_ts: '1.2' }],
      ...over,
      ...(Object.keys(action).length === 0
        ? {}
        : { actions: [{ action_id: 'tocsin.acknowledge', value: 'inc-0123456789', ...action }] }),
    }),
  }).toString();

describe('the press of a button', () => {
  it.each(['acknowledge', 'resolve', 'escalate', 'rollback'] as const)('means %s', (action) => {
    expect(parseInteraction(press({}, { action_id: actionIds[action] }))).toEqual({
      ok: true,
      action,
      incidentId: 'inc-0123456789',
      user: { id: 'U1', name: 'ana' },
      responseUrl,
    });
  });

  it.each([
    [
      'an unknown action',
      press({}, { action_id: 'tocsin.delete' }),
      /unknown action "tocsin.delete"; known are tocsin.acknowledge/,
    ],
    ['an action of another app', press({}, { action_id: 'acknowledge' }), /unknown action/],
    ['a button without an incident', press({}, { value: '' }), /names no incident/],
    ['a button with a path for an incident', press({}, { value: '../etc' }), /names no incident/],
    ['two actions at once', press({ actions: [{ action_id: 'a' }, { action_id: 'b' }] }), /exactly one action; received 2/],
    ['no action', press({ actions: [] }), /received 0/],
    ['a modal', press({ type: 'view_submission' }), /"view_submission"/],
    ['a payload without a user', press({ user: undefined }), /user/],
    ['an answer address that is no URL', press({ response_url: 'file:///etc/passwd' }), /response_url/],
    ['no payload', 'a=b', /field payload; received none/],
    ['a payload that is not JSON', 'payload=%7B', /expected JSON/],
    ['an empty body', '', /received none/],
    ['a payload of null', 'payload=null', /not one of Slack's/],
  ])('is refused for %s', (_name, body, reason) => {
    expect(parseInteraction(body)).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
  });

  it('never throws, whatever the body', () => {
    fc.assert(
      fc.property(fc.string(), fc.json(), (text, json) => {
        expect(parseInteraction(text).ok).toBe(false);
        expect(parseInteraction(`payload=${encodeURIComponent(json)}`).ok).toBe(false);
      }),
    );
  });
});

const command = (text: string) =>
  parseCommand(
    new URLSearchParams({ command: '/tocsin', text, user_id: 'U1', user_name: 'ana', response_url: responseUrl }).toString(),
  );
const read = (text: string) => {
  const parsed = command(text);
  return parsed.ok ? parsed.command : parsed.reason;
};

describe('the slash command', () => {
  it('says who asked and where to answer', () => {
    expect(command('list')).toEqual({ ok: true, command: { kind: 'list' }, user: { id: 'U1', name: 'ana' }, responseUrl });
  });

  it('understands the short and the long words, in any case, and ids in backticks', () => {
    const acknowledge = { kind: 'respond', response: 'acknowledge', incidentId: 'inc-1' };
    expect(read('ack inc-1')).toEqual(acknowledge);
    expect(read('  ACKnowledge   `inc-1` ')).toEqual(acknowledge);
    expect(read('resolve inc-1')).toEqual({ ...acknowledge, response: 'resolve' });
    expect(read('escalate inc-1')).toEqual({ ...acknowledge, response: 'escalate' });
    expect(read('')).toEqual({ kind: 'help' });
    expect(read('help')).toEqual({ kind: 'help' });
  });

  it('silences labels for a time, with a comment', () => {
    expect(read('silence model=flights,environment=production 2h retraining, see ML-7')).toEqual({
      kind: 'silence',
      match: matchersOf({ model: 'flights', environment: 'production' }),
      durationMs: 7_200_000,
      comment: 'retraining, see ML-7',
    });
    expect(read('silence model=flights 1d')).toMatchObject({ durationMs: 86_400_000, comment: '' });
  });

  it('takes quoted values, also with the curly quotes and escapes that Slack makes, and the patterns of Alertmanager', () => {
    expect(read('silence feature=“air time”, rule="a,b &amp; c&lt;d" 30m x')).toMatchObject({
      match: matchersOf({ feature: 'air time', rule: 'a,b & c<d' }),
    });
    expect(read('silence rule=~“a|b” 30m')).toMatchObject({ match: matchersOf({ rule: ['a', 'b'] }) });
  });

  it('puts somebody on call until a time, which the schedule understands', () => {
    const override = { kind: 'override', schedule: 'ml', assignee: 'me', until: '4h', comment: '' };
    expect(read('override ml me 4h')).toEqual(override);
    expect(read('Override  ml ben 09:00..17:00  at the dentist, sorry')).toEqual({
      ...override,
      assignee: 'ben',
      from: '09:00',
      until: '17:00',
      comment: 'at the dentist, sorry',
    });
    expect(read('oncall')).toEqual({ kind: 'oncall' });
    expect(read('end `ovr-1`')).toEqual({ kind: 'end', what: { kind: 'override', id: 'ovr-1' } });
  });

  it.each([
    ['override', /expected \/tocsin override SCHEDULE NAME 4h why.*received ""/],
    ['override ml ben', /received "ml ben"/],
    ['override ml ben ..17:00', /received/],
    ['override ml ben 09:00..', /received/],
    ['override ml ben 1..2..3', /received/],
    ['end', /expected \/tocsin end ID with the id of one silence or override; received none; \/tocsin oncall shows them/],
    ['ack', /expected \/tocsin ack ID .* received none/],
    ['ack two ids', /received "two ids"/],
    ['rollback inc-1', /unknown command "rollback"; known are ack/],
    ['constructor x', /unknown command/],
    ['silence', /received no label/],
    ['silence 2h', /received no label/],
    ['silence a=b', /duration such as/],
    ['silence a=b soon', /received "soon"/],
    ['silence a=b 0s', /received "0s"/],
    ['silence a=b,', /duration such as/],
  ])('refuses "%s" and says what was expected', (text, reason) => {
    expect(read(text)).toMatch(reason);
  });

  it('refuses a form that is not a command', () => {
    expect(parseCommand('text=list')).toMatchObject({ ok: false, reason: expect.stringMatching(/user_id/) });
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        command(text);
        command(`silence ${text}`);
        command(`override ${text}`);
        command(`end ${text}`);
        parseCommand(text);
      }),
    );
  });
});
