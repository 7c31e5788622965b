import { expect, it } from 'vitest';
import { storedIncident } from '../../core/response/incidents/stored-incident.ts';
import { storedEffect } from '../../core/response/outbox/stored-effect.ts';
import { exampleIncident, exampleWake } from '../contract/store-examples.ts';

const slackMessage = { ref: { channel: 'slack', slackChannel: 'C1', ts: '1.2' }, reason: 'triggered', why: 'w', tier: 1 };
const target = { kind: 'channel', name: 'room' };
const ref = { kind: 'slack', place: 'C1', id: '1.2' };

it('effects from before are read under the names that they have now, so that no deadline is lost', () => {
  const { kind: _, ...timer } = exampleWake();
  expect(storedEffect.decodeParsed({ ...timer, kind: 'wake', v: 5 })).toEqual({ ok: true, value: exampleWake() });
  const { id, incidentId, createdAt } = exampleWake();
  const update = { id, incidentId, createdAt, kind: 'refresh', message: { ...slackMessage, target }, v: 5 };
  expect(storedEffect.decodeParsed(update)).toMatchObject({ ok: true, value: { kind: 'update_message', message: { ref } } });
});

it('messages that an incident posted before are still updated', () => {
  const incident = { ...exampleIncident(), messages: [{ ...slackMessage, target }], v: 5 };
  expect(storedIncident.decodeParsed(incident)).toMatchObject({ ok: true, value: { messages: [{ ref, target }] } });
});
