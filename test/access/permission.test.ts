import { describe, expect, test } from 'vitest';
import {
  authorizeEndOverride,
  authorizeEndSilence,
  authorizeOverride,
  authorizeSilence,
  longSilenceMs,
} from '../../core/access/permission.ts';
import type { Role } from '../../core/access/roles.ts';
import { authorizeResponse } from '../../core/response/incidents/authorize-response.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { responses } from '../../core/response/incidents/respond.ts';
import { slackPerson } from '../../core/response/slack/slack-person.ts';
import { exampleOverride } from '../contract/store-examples.ts';
import { configOf } from '../scenario/harness.ts';

const as = (role: Role) => ({ actor: 'x', role });
const incident = { alerts: [{ rollback: 'back', state: 'firing' }] } as unknown as Incident;
const configWith = (role: 'responder' | 'admin') =>
  configOf({
    rollbacks: { back: { deployment: 'd', role } },
    deployments: { d: { hook: { lambdaAlias: { functionName: 'f', alias: 'a' } } } },
  });

describe('who may do what', () => {
  test.each(responses)('a viewer may not %s, a responder and an admin may', (response) => {
    const config = configWith('responder');
    expect(authorizeResponse(as('viewer'), response, incident, config)).toMatch(
      /takes the role responder, and yours is viewer; the config/,
    );
    for (const role of ['responder', 'admin'] as const)
      expect(authorizeResponse(as(role), response, incident, config)).toBeUndefined();
  });

  test('a rollback may be kept for admins', () => {
    const config = configWith('admin');
    expect(authorizeResponse(as('responder'), 'rollback', incident, config)).toMatch(
      /^to ask for the rollback back takes the role admin/,
    );
    expect(authorizeResponse(as('responder'), 'resolve', incident, config)).toBeUndefined();
    expect(authorizeResponse(as('admin'), 'rollback', incident, config)).toBeUndefined();
  });

  test('whoever goes on call themselves takes a responder, whoever puts another on call one of the config, and for more than a day an admin', () => {
    const ana = { ...as('responder'), responder: 'ana' };
    const day = 86_400_000;
    expect(authorizeOverride(ana, 'ana', 90 * day)).toBeUndefined();
    expect(authorizeOverride(ana, 'ben', day)).toBeUndefined();
    expect(authorizeOverride(ana, 'ben', day + 1)).toMatch(
      /^to put somebody else on call \(ben\) for more than 1d takes the role admin/,
    );
    expect(authorizeOverride({ ...ana, role: 'viewer' }, 'ana', day)).toMatch(/^to go on call takes the role responder/);
    expect(authorizeOverride({ ...ana, role: 'viewer' }, 'ben', day)).toMatch(
      /^to put somebody else on call \(ben\) takes the role responder/,
    );
    expect(authorizeOverride(as('responder'), 'ben', day)).toMatch(
      /takes a responder of the config, or the role admin; received x, who is no responder of the config/,
    );
    expect(authorizeOverride(as('admin'), 'ben', 90 * day)).toBeUndefined();
  });

  test('an override is ended by who made it, up to a day by a responder of the config, or else by an admin; a silence by any responder', () => {
    expect(authorizeEndOverride(as('responder'), exampleOverride({ by: 'x' }))).toBeUndefined();
    const day = 86_400_000;
    const [short, long] = [day, day + 1].map((until) => exampleOverride({ by: 'y', from: 0, until }));
    if (short === undefined || long === undefined) throw new Error('two were made');
    expect(authorizeEndOverride(as('responder'), short)).toMatch(
      /^to end an override that y made takes a responder of the config/,
    );
    expect(authorizeEndOverride({ ...as('responder'), responder: 'ana' }, short)).toBeUndefined();
    expect(authorizeEndOverride({ ...as('responder'), responder: 'ana' }, long)).toMatch(
      /^to end an override that y made for more than 1d takes the role admin/,
    );
    expect(authorizeEndOverride(as('viewer'), exampleOverride({ by: 'x' }))).toMatch(/takes the role responder/);
    expect(authorizeEndOverride(as('admin'), exampleOverride({ by: 'y' }))).toBeUndefined();
    expect(authorizeEndSilence(as('responder'))).toBeUndefined();
    expect(authorizeEndSilence(as('viewer'))).toMatch(/^to end silences takes the role responder/);
  });

  test('a silence of more than a day takes an admin', () => {
    expect(authorizeSilence(as('viewer'), 1)).toMatch(/takes the role responder/);
    expect(authorizeSilence(as('responder'), longSilenceMs)).toBeUndefined();
    expect(authorizeSilence(as('responder'), longSilenceMs + 1)).toMatch(/^to silence for more than 1d takes the role admin/);
    expect(authorizeSilence(as('admin'), longSilenceMs + 1)).toBeUndefined();
  });
});

describe('who a Slack user is', () => {
  const slack = { token: 'TOKEN', signingSecret: 'SECRET' };
  const ana = { name: 'Ana', slackUser: 'U1', role: 'admin' as const, contacts: [{ terminal: true as const }] };
  const configFor = (more: { unknownUsers?: 'viewer' | 'responder' }) =>
    configOf({
      settings: { slack: { ...slack, ...more } },
      responders: { ana, ben: { ...ana, slackUser: 'U2', role: undefined }, lea: { name: 'Lea', contacts: ana.contacts } },
    });

  test('the responder who names them, with that role', () => {
    expect(slackPerson(configFor({}), { id: 'U1', name: 'someone' })).toEqual({
      actor: 'responder/ana',
      role: 'admin',
      responder: 'ana',
    });
    expect(slackPerson(configFor({}), { id: 'U2', name: 'someone' })).toMatchObject({
      actor: 'responder/ben',
      role: 'responder',
    });
  });

  test('an unknown user may look only, unless the settings say otherwise; a name like a responder’s is no claim', () => {
    expect(slackPerson(configFor({}), { id: 'U9', name: 'ana' })).toEqual({ actor: 'slack:U9 (ana)', role: 'viewer' });
    expect(slackPerson(configFor({ unknownUsers: 'responder' }), { id: 'U9', name: 'ana' }).role).toBe('responder');
  });
});
