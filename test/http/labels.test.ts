import { describe, expect, it } from 'vitest';
import { noteVitals } from '../../app/selfcheck/vitals.ts';
import { labelRecordSchema, labelsSchema } from '../../http/api/dto/labels.ts';
import { hour, t0 } from '../scenario/harness.ts';
import { siteOf } from './site.ts';

const sources = { flights: { kind: 'predictions', model: 'flights', bucket: '1h' } } as const;

/** Two predictions; one gets a label, which is corrected, and one label finds nothing. */
async function labelled() {
  const site = siteOf({ part: { sources } });
  const { clock } = site.story;
  await site.post(
    '/v1/predictions',
    ['a', 'b'].map((id) => ({ id, timestamp: t0, prediction: 1 })),
  );
  clock.set(t0 + hour);
  await site.post('/v1/labels', [{ id: 'a', label: true }]);
  clock.set(t0 + 2 * hour);
  const answer = await site.post('/v1/labels', [
    { id: 'a', label: 0, timestamp: t0 + hour },
    { id: 'nobody', label: 1 },
  ]);
  expect(await answer.json()).toMatchObject({ accepted: 0, corrected: 1, unmatched: 1, duplicates: 0, rejected: 0 });
  return site;
}

describe('what became of labels', () => {
  it('is told by model, for the last seven days', async () => {
    const site = await labelled();
    const { sources: seen } = labelsSchema.parse(await (await site.get('/api/labels')).json());
    expect(seen).toEqual([
      {
        source: 'flights',
        model: 'flights',
        from: new Date(t0 + 2 * hour - 7 * 24 * hour).toISOString(),
        predictions: 2,
        labelled: 1,
        first: 1,
        meanDelayMs: hour,
        unmatched: 1,
        corrected: 1,
      },
    ]);
  });

  it('is told for one prediction, with the labels that were replaced', async () => {
    const site = await labelled();
    const found = labelRecordSchema.parse(await (await site.get('/api/labels/flights/a')).json());
    expect(found).toMatchObject({
      state: 'joined',
      prediction: '1',
      label: '0',
      labelAt: new Date(t0 + hour).toISOString(),
      replaced: [{ label: '1', at: new Date(t0 + 2 * hour).toISOString() }],
    });
    expect(await (await site.get('/api/labels/flights/b')).json()).toMatchObject({ state: 'prediction', replaced: [] });
    expect(await (await site.get('/api/labels/flights/nobody')).json()).toMatchObject({ state: 'label', label: '1' });
    const unknown = await site.get('/api/labels/flights/c');
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toEqual({ error: expect.stringMatching(/^nothing is known of a prediction "c" of "flights"/) });
  });

  it('is counted on /healthz of one machine, and hidden from strangers', async () => {
    const site = await labelled();
    await noteVitals(site.ports, site.story.clock.now());
    const body = (await (await site.get('/healthz')).json()) as object;
    expect(body).toMatchObject({ labelsOfLastDay: { unmatched: 1, corrected: 1 } });
    site.story.clock.set(t0 + 30 * hour);
    expect(await noteVitals(site.ports, t0 + 30 * hour)).toMatchObject({ labels: { unmatched: 0, corrected: 0 } });
    const open = siteOf({ part: { sources }, access: 'public' });
    await noteVitals(open.ports, t0);
    expect(await (await open.get('/healthz')).json()).not.toHaveProperty('labelsOfLastDay');
  });
});
