import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyFor } from '../../../core/access/sign-in/signed-text.ts';
import {
  type AcknowledgeLink,
  linkActsAs,
  openAcknowledge,
  sealAcknowledge,
} from '../../../core/response/paging/acknowledge-link.ts';
import { openChart, sealChart } from '../../../core/response/paging/chart-link.ts';
import { contactBehind } from '../../../core/response/paging/contact-behind.ts';
import { asFingerprint, asIncidentId } from '../../../core/vocabulary/ids.ts';
import { configOf } from '../../scenario/harness.ts';

const secret = new TextEncoder().encode('s'.repeat(32));
const key = keyFor(secret, 'acknowledge link');
const day = 86_400_000;

const links: fc.Arbitrary<AcknowledgeLink> = fc
  .record({
    incident: fc.nat().map((n) => asIncidentId(`inc-${n.toString(16)}`)),
    at: fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
    lasts: fc.integer({ min: 1, max: 30 * day }),
    responder: fc.option(fc.string({ unit: 'grapheme', maxLength: 40 }), { nil: undefined }),
    contact: fc.nat().map((n) => `c${n.toString(16)}`),
  })
  .map(({ lasts, responder, ...link }) => ({
    ...link,
    until: link.at + lasts,
    ...(responder !== undefined && { responder }),
  }));

test('a link opens what was sealed, from when it was made until its time is over, and never else', () => {
  fc.assert(
    fc.property(
      links,
      fc.integer({ min: -2 * day, max: 40 * day }),
      fc.integer({ min: 1, max: 40 * day }),
      (link, after, lasts) => {
        const token = sealAcknowledge(key, link);
        const now = link.at + after;
        // Five minutes are what the clocks of two machines may be apart.
        const isIn = after >= -300_000 && now < Math.min(link.until, link.at + lasts);
        expect(openAcknowledge([key], token, now, lasts)).toEqual(isIn ? link : undefined);
      },
    ),
  );
});

test('any change of any byte of a link opens nothing', () => {
  fc.assert(
    fc.property(
      links,
      fc.nat(400),
      fc.constantFrom('', 'A', 'b', '0', '-', '_', '.', '=', '%', 'é'),
      fc.boolean(),
      (link, at, put, replaces) => {
        const token = sealAcknowledge(key, link);
        const place = at % (token.length + 1);
        const other = token.slice(0, place) + put + token.slice(replaces ? place + 1 : place);
        if (other !== token) expect(openAcknowledge([key], other, link.at, 40 * day)).toBeUndefined();
      },
    ),
  );
});

test('a payload of one link under the signature of another opens nothing', () => {
  fc.assert(
    fc.property(links, links, (a, b) => {
      const [one, other] = [sealAcknowledge(key, a), sealAcknowledge(key, b)];
      if (one === other) return;
      const mixed = `${one.split('.')[0]}.${other.split('.')[1]}`;
      expect(openAcknowledge([key], mixed, a.at, 40 * day)).toBeUndefined();
    }),
  );
});

test('a link of a chart acknowledges nothing, and a link that acknowledges shows no chart', () => {
  const chartKey = keyFor(secret, 'chart link');
  const at = 1_767_603_600_000;
  const chart = sealChart(chartKey, { incident: asIncidentId('inc-1'), series: asFingerprint('f1'), at, until: at + day });
  const acknowledge = sealAcknowledge(key, { incident: asIncidentId('inc-1'), at, until: at + day, contact: 'c1' });
  expect(openChart([chartKey], chart, at, day)).toMatchObject({ incident: 'inc-1', series: 'f1' });
  expect(openAcknowledge([key], chart, at, day)).toBeUndefined();
  expect(openChart([chartKey], acknowledge, at, day)).toBeUndefined();
  // Not even where both were signed by one key.
  expect(
    openAcknowledge(
      [key],
      sealChart(key, { incident: asIncidentId('inc-1'), series: asFingerprint('f1'), at, until: at + day }),
      at,
      day,
    ),
  ).toBeUndefined();
});

test("a link acts as a person only where nobody else reads the contact, and in nobody else's name", () => {
  const config = configOf({
    responders: {
      ana: { name: 'Ana', slackUser: 'U1', contacts: [{ slack: 'U1' }, { webPush: 'ana' }, { sns: 'team' }, { webPush: 'ben' }] },
      ben: { name: 'Ben', contacts: [{ webPush: 'ben' }, { slack: 'U1' }, { slack: '#ml' }] },
      lea: {
        name: 'Lea',
        email: 'lea@t.example',
        contacts: [{ sns: 'lea' }, { email: 'Lea@t.example' }, { email: ['lea@t.example', 'ml@t.example'] }],
      },
      max: { name: 'Max', contacts: [{ webhook: { url: 'https://pager.example/x', secret: 'SECRET' } }, { terminal: true }] },
    },
  });
  const acting = Object.entries(config.responders).flatMap(([name, { contacts }]) =>
    contacts.map((contact) => {
      const acts = linkActsAs(contact, name, config.responders);
      return `${name}: ${contactBehind(config, acts)?.name}`;
    }),
  );
  expect(acting).toEqual(
    [
      'ana: responder/ana',
      'ana: responder/ana',
      'ana: contact/sns:team',
      'ana: contact/webPush:ben',
      'ben: responder/ben',
      'ben: contact/slack:U1',
      'ben: contact/slack:#ml',
      'lea: contact/sns:lea',
      'lea: responder/lea',
      'lea: contact/email:lea@t.example,ml@t.example',
      'max: contact/webhook:pager.example#9c8b6c',
      'max: contact/terminal',
    ].map((line) => (line.includes('webhook') ? expect.stringMatching(/^max: contact\/webhook:pager\.example#/) : line)),
  );
});

test('a channel of the config acts under its name', () => {
  const config = configOf();
  const room = config.channels['room'];
  if (room === undefined) throw new Error('expected the channel room');
  expect(contactBehind(config, linkActsAs(room, undefined, config.responders))).toEqual({
    key: 'sns:room',
    name: 'channel/room',
  });
});
