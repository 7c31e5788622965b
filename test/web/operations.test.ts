import { describe, expect, it } from 'vitest';
import { labelsText } from '../../web/parts/labels-text.ts';
import { deploymentsSentence } from '../../web/screens/deployments/sentence.ts';
import { budgetOf, digestSentence } from '../../web/screens/digest/sentence.ts';
import { contactWord, integrationsSentence } from '../../web/screens/settings/sentence.ts';
import { readDuration, readLabels } from '../../web/screens/silences/labels.ts';

describe('labels as they are typed', () => {
  it.each([
    ['rule=slow', { rule: 'slow' }],
    ['rule = slow, model="a, b"', { rule: 'slow', model: 'a, b' }],
    ['category=drift,', { category: 'drift' }],
    ['', {}],
  ])('%s is read', (text, labels) => expect(readLabels(text)).toEqual(labels));

  it.each(['rule', 'rule=a rule=', 'rule=a, rule=b', '=x', 'a="b'])('%s is refused', (text) => {
    expect(readLabels(text === 'rule=a rule=' ? 'a=b"c' : text)).toBe(undefined);
  });

  it('is written as it is read', () => {
    const labels = { rule: 'slow', note: 'a, b', empty: '' };
    expect(readLabels(labelsText(labels))).toEqual(labels);
  });
});

it.each([
  ['2h', 7_200_000],
  ['1h30m', 5_400_000],
  ['1d', 86_400_000],
  ['0h', undefined],
  ['', undefined],
  ['two hours', undefined],
])('%s lasts %s ms', (text, ms) => expect(readDuration(text)).toBe(ms));

describe('deployments, as a sentence', () => {
  const deployment = {
    ...{ name: 'churn', hook: 'webhook', watched: true, unanswered: false, recordLost: false },
    ...{ served: [], knownBad: [], rollbacks: [] },
  };
  const rollback = {
    ...{ deployment: 'churn', incident: 'inc-1', title: 'Accuracy', state: 'verifying' as const, from: '7', to: '6' },
    ...{ reason: 'watching 30m', at: '2026-06-01T12:00:00Z' },
  };
  const inFlight = { from: '7', to: '6', incident: 'inc-1', startedAt: '2026-06-01T12:00:00Z' };

  it('begins with a rollback under way, then a hook that is silent, then the last rollback', () => {
    const moving = { ...deployment, inFlight };
    const silent = { ...deployment, name: 'ranker', unanswered: true };
    expect(deploymentsSentence({ deployments: [silent, moving], rollbacks: [rollback], versions: [] })).toMatch(/being watched/);
    expect(deploymentsSentence({ deployments: [silent], rollbacks: [rollback], versions: [] })).toMatch(/^ranker does not say/);
    const proven = { ...rollback, state: 'succeeded' as const };
    expect(deploymentsSentence({ deployments: [deployment], rollbacks: [proven], versions: [] })).toMatch(/proven/);
    expect(deploymentsSentence({ deployments: [], rollbacks: [], versions: [] })).toMatch(/^No deployment/);
    const serves = { version: '7', seenAt: '2026-06-01T12:00:00Z', atLeastMs: 0, stale: false };
    const bad = { ...deployment, serves, knownBad: [{ version: '7', at: '2026-06-01T11:00:00Z', incident: 'inc-1' }] };
    expect(deploymentsSentence({ deployments: [bad], rollbacks: [proven], versions: [] })).toMatch(
      /^churn serves 7, which is known/,
    );
    expect(deploymentsSentence({ deployments: [{ ...deployment, serves }], rollbacks: [], versions: [] })).toMatch(
      /^churn serves 7;/,
    );
  });
});

describe('a contact', () => {
  const contact = { key: 'slack:U1', kind: 'slack', owners: ['responder/ana'], waiting: 0, held: 0 };
  const [early, late] = ['2026-06-01T12:00:00Z', '2026-06-01T13:00:00Z'];
  const failure = { at: late, kind: 'dead' as const, text: 'channel_not_found' };

  it('works only where a page was seen to arrive, and none failed since', () => {
    expect(contactWord(contact)).toBe('not used lately');
    expect(contactWord({ ...contact, deliveredAt: early })).toBe('works');
    expect(contactWord({ ...contact, deliveredAt: early, failure })).toBe('failed last');
    expect(contactWord({ ...contact, deliveredAt: '2026-06-01T14:00:00Z', failure })).toBe('works');
    expect(contactWord({ ...contact, deliveredAt: early, held: 1 })).toBe('works');
    expect(contactWord({ ...contact, held: 1, lastError: 'x' })).toBe('pages wait');
    expect(contactWord({ ...contact, setAside: { since: early, triedAt: late } })).toBe('set aside');
  });

  it('that does not take pages is what the screen begins with', () => {
    const found = { status: 'ok' as const, reasons: [], sources: [], hooks: [], incidents: 3 };
    expect(integrationsSentence({ ...found, contacts: [contact] })).toMatch(/^Everything/);
    expect(integrationsSentence({ ...found, contacts: [{ ...contact, failure }] })).toBe('slack:U1 does not take pages.');
    expect(integrationsSentence({ ...found, status: 'failing', contacts: [contact] })).toMatch(/^Tocsin is not judging/);
  });
});

describe('the sentence of a digest', () => {
  const person = (pages: number, nights: number) => ({ person: 'responder/ana', pages, critical: pages, nights });
  it('says what began, what is open, and what it cost', () => {
    const quiet = { incidents: { began: 0, open: 0, byRule: [] }, people: [] };
    expect(digestSentence(quiet, '7 days')).toBe('No incident began in 7 days. Nobody was paged.');
    const busy = { incidents: { began: 3, open: 1, byRule: [] }, people: [person(4, 2), person(1, 0)] };
    expect(digestSentence(busy, '7 days')).toBe('3 incidents began in 7 days; 1 is open. 5 pages went out and broke 2 nights.');
    const byDay = { incidents: { began: 1, open: 0, byRule: [] }, people: [person(1, 0)] };
    expect(digestSentence(byDay, '24 hours')).toBe('1 incident began in 24 hours. 1 page went out, none at night.');
  });

  it('measures a policy against the part of its weekly budget that belongs to the time', () => {
    expect([1, 7, 28].map((days) => budgetOf(3.5, days))).toEqual([0.5, 3.5, 14]);
  });
});
