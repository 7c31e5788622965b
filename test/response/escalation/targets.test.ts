import { expect, test } from 'vitest';
import { resolveTarget } from '../../../core/response/escalation/targets.ts';
import { exampleConfig } from './example-config.ts';

const monday = Date.parse('2026-01-05T12:00:00Z');
const day = 86_400_000;

test('a responder is reached by all their contacts, best first', () => {
  expect(resolveTarget(exampleConfig(), { responder: 'ana' }, monday)).toEqual({
    ok: true,
    target: { kind: 'responder', name: 'ana' },
    responder: 'ana',
    contacts: [{ kind: 'terminal' }, { kind: 'sns', topic: 'default' }],
  });
});

test('a schedule is whoever is on call at that time', () => {
  const config = exampleConfig();
  expect(resolveTarget(config, { schedule: 'ml' }, monday)).toMatchObject({
    target: { kind: 'schedule', name: 'ml', responder: 'ana' },
    responder: 'ana',
  });
  expect(resolveTarget(config, { schedule: 'ml' }, monday + day)).toMatchObject({
    target: { kind: 'schedule', name: 'ml', responder: 'ben' },
    responder: 'ben',
  });
});

test('a channel is nobody in particular', () => {
  const resolved = resolveTarget(exampleConfig(), { channel: 'all' }, monday);
  expect(resolved).toEqual({
    ok: true,
    target: { kind: 'channel', name: 'all' },
    contacts: [{ kind: 'webhook', url: 'https://example.com/pages', secret: 'PAGES_SECRET' }],
  });
  expect(resolved).not.toHaveProperty('responder');
});

test.each([
  [{ responder: 'gone' }, 'responder/gone: the responder gone is not in the config any more'],
  [{ schedule: 'gone' }, 'schedule gone is no longer in the config'],
  [{ channel: 'gone' }, 'channel gone is no longer in the config'],
  [{ responder: 'constructor' }, 'responder/constructor: the responder constructor is not in the config any more'],
  [{}, 'a target must name a responder, a schedule or a channel'],
])('what has left the config since the incident opened is an answer with a reason: %j', (target, reason) => {
  expect(resolveTarget(exampleConfig(), target, monday)).toEqual({ ok: false, reason });
});

test('a schedule whose responder has left says so', () => {
  const config = exampleConfig();
  delete config.responders['ana'];
  expect(resolveTarget(config, { schedule: 'ml' }, monday)).toEqual({
    ok: false,
    reason: 'schedule/ml (ana): the responder ana is not in the config any more',
  });
});
