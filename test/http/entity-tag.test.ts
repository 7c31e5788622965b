import { describe, expect, it } from 'vitest';
import { basic, siteOf } from './site.ts';

const atIn = async (answer: Response): Promise<string> => ((await answer.json()) as { at: string }).at;
const tagIn = ({ headers }: Response): string => headers.get('ETag') ?? '';

describe('a tag', () => {
  it('stays while time passes, and changes with what is answered', async () => {
    const site = siteOf();
    const first = await site.get('/api/incidents');
    const at = await atIn(first);
    await site.story.pass('5m');
    const second = await site.get('/api/incidents');
    expect(await atIn(second)).not.toBe(at);
    expect(tagIn(second)).toBe(tagIn(first));
    await site.incident();
    expect(tagIn(await site.get('/api/incidents'))).not.toBe(tagIn(first));
  });

  it('differs between answers that differ only in a time of theirs', async () => {
    const site = siteOf();
    const id = await site.incident();
    const before = tagIn(await site.get(`/api/incidents/${id}`));
    await site.post(`/api/incidents/${id}/acknowledge`);
    expect(tagIn(await site.get(`/api/incidents/${id}`))).not.toBe(before);
  });

  it.each(['%s', 'W/"1", %s', '"1",%s', '*'])('that a client names as %s is answered by 304 without a body', async (named) => {
    const site = siteOf();
    const tag = tagIn(await site.get('/api/silences'));
    for (const one of [tag, tag.replace('W/', '')]) {
      const again = await site.get('/api/silences', { 'If-None-Match': named.replace('%s', one) });
      expect(again.status).toBe(304);
      expect(await again.text()).toBe('');
      expect(tagIn(again)).toBe(tag);
      expect(again.headers.get('Content-Type')).toBeNull();
      expect(again.headers.get('Cache-Control')).toBe('private, no-cache');
    }
  });

  it('that is another gets the whole answer, and HEAD has the same tag', async () => {
    const site = siteOf();
    const whole = await site.get('/api/silences', { 'If-None-Match': 'W/"1"' });
    expect(whole.status).toBe(200);
    expect(await whole.json()).toMatchObject({ silences: [] });
    const head = await site.app.request('/api/silences', { method: 'HEAD' });
    expect(tagIn(head)).toBe(tagIn(whole));
  });

  it('says nothing to whoever may not look', async () => {
    const site = siteOf({ settings: { webPassword: 'PASSWORD' }, secrets: { PASSWORD: 'p' } });
    const tag = tagIn(await site.get('/api/silences', basic('ana', 'p')));
    const refused = await site.get('/api/silences', { 'If-None-Match': tag });
    expect(refused.status).toBe(401);
    expect(tagIn(refused)).toBe('');
    expect(refused.headers.get('Cache-Control')).toBe('no-store');
  });

  it('is in no refusal and in no answer to a deed, which nobody may keep', async () => {
    const site = siteOf();
    const id = await site.incident();
    for (const answer of [await site.get('/api/incidents/inc-0'), await site.post(`/api/incidents/${id}/acknowledge`)]) {
      expect(tagIn(answer)).toBe('');
      expect(answer.headers.get('Cache-Control')).toBe('no-store');
    }
  });
});
