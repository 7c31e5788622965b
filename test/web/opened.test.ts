import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleFiles } from '../../local/console.ts';
import { alertsOnly, firing } from './alerts-only.ts';
import { type Served, serve } from './served.ts';

/** What came with a page, by the address that it answers; `text` as it stands in the page. */
const answersIn = (page: string): { address: string; tag: string; text: string }[] =>
  [...page.matchAll(/<script type="application\/json" data-answer="([^"]*)" data-tag="([^"]*)">([^<]*)<\/script>/g)].map(
    ([, address = '', tag = '', text = '']) => ({
      address: address.replaceAll('&amp;', '&'),
      tag: tag.replaceAll('&quot;', '"'),
      text,
    }),
  );

describe('a page on which the console opens', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve(alertsOnly, { runbooks: { late: '---\ntitle: Late\n---\nLook at the queue.\n' } });
  });
  afterAll(() => served.close());
  const get = (path: string): Promise<Response> => fetch(`${served.url}${path}`, { headers: { accept: 'text/html' } });
  const pageAt = async (path: string): Promise<string> => (await get(path)).text();
  it.each([
    ['/', '/api/now'],
    ['/incidents?q=flights', '/api/incidents?status=open&q=flights&limit=25'],
    ['/rules?health=critical', '/api/rule-health?health=critical&limit=50'],
    ['/oncall', '/api/session'],
  ])('brings along at %s what its screen asks first, as the API answers it', async (path, address) => {
    await served.post('/api/v2/alerts', firing('flights'));
    const answers = answersIn(await pageAt(path));
    expect(answers.map((one) => one.address)).toEqual(expect.arrayContaining(['/api/session', address]));
    for (const one of answers) {
      const answer = await get(one.address);
      expect(JSON.parse(one.text)).toEqual(await answer.json());
      expect(answer.headers.get('ETag')).toBe(one.tag);
    }
  });

  it('keeps a name that would end the data inside it', async () => {
    await served.post('/api/v2/alerts', firing('</script><script>alert(1)</script><!--'));
    const page = await pageAt('/incidents');
    expect(page).not.toContain('<script>');
    expect(page).not.toContain('<!--');
    const list = answersIn(page).find(({ address }) => address.includes('status=open'));
    expect(JSON.stringify(JSON.parse(list?.text ?? ''))).toContain('</script><script>alert(1)</script><!--');
  });

  it('names the files of its screen and no others', async () => {
    const [page, files] = await Promise.all([pageAt('/rules'), consoleFiles()]);
    const named = [...page.matchAll(/modulepreload" href="\/console\/([^"]*)"/g)].map(([, name]) => name);
    expect(new Set(named)).toEqual(new Set([...(files?.parts ?? []), ...(files?.screens['rules'] ?? [])]));
  });

  it('is whole without scripts, and without the console on request', async () => {
    for (let line = 0; line < 12; line += 1) await served.post('/api/v2/alerts', firing(`line ${line}`));
    const links = (page: string): number => new Set(page.match(/href="\/incidents\/[^"]+"/g)).size;
    const [under, plain] = await Promise.all(['/', '/?plain=1'].map(pageAt));
    expect(links(plain ?? '')).toBeGreaterThanOrEqual(12);
    expect(links(under ?? '')).toBe(links(plain ?? ''));
    expect(plain).not.toMatch(/<script|<noscript/);
  });
});
