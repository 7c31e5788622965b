import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readRunbooks } from '../../local/read-config.ts';
import { basic, siteOf } from './site.ts';

const evil = `<script>alert(1)</script><img src=x onerror=alert(2)>"'&`;
const rule = {
  title: `Latency ${evil}`,
  owner: evil,
  source: 'pushed',
  query: { samples: { metric: 'latency' } },
  category: 'latency',
  runbook: 'latency-spike',
  threshold: { above: { warn: 100, critical: 200 } },
} as const;

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

const textOf = async (response: Response | Promise<Response>): Promise<string> => (await response).text();
/** The page without its tags. */
const wordsOf = async (response: Response | Promise<Response>): Promise<string> =>
  (await textOf(response)).replace(/<[^>]*>/g, ' ');
const cookieOf = (response: Response): Record<string, string> => ({
  Cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '',
});

describe('the list of incidents', () => {
  it('says so when all is well', async () => {
    expect(await wordsOf(siteOf().get('/'))).toMatch(/Open \(0\)[\s\S]*No rule is judged yet/);
  });

  it('links what is open, and what has been resolved below', async () => {
    const site = siteOf();
    const id = await site.incident();
    expect(await textOf(site.get('/'))).toContain(`<a href="/incidents/${id}">`);
    await site.over();
    await site.post(`/incidents/${id}/resolve`, '', form);
    expect(await wordsOf(site.get('/'))).toMatch(/Open \(0\)[\s\S]*Resolved[\s\S]*critical[\s\S]*resolved by web/);
  });
});

describe('the chart of an incident', () => {
  it('is on its page once there is a history, with a sentence for who does not see it, and labels as text', async () => {
    const site = siteOf();
    site.story.ports.historyEvery = 60_000;
    for (let n = 0; n < 10; n += 1) {
      await site.story.value('latency', n < 5 ? 'ok' : 'critical', { model: evil });
      await site.story.pass('1m');
    }
    const [incident] = await site.story.store.incidents({ status: 'open', limit: 1 });
    const page = await textOf(site.get(`/incidents/${incident?.id}`));
    expect(page).toMatch(
      /<img class="chart" src="\/incidents\/inc-\w+\/chart.svg" alt="[^"<>]*from 10 at 09:05 to 250 at 09:10[^"<>]*">/,
    );
    const answer = await site.get(`/incidents/${incident?.id}/chart.svg`);
    expect(answer.headers.get('Content-Type')).toContain('image/svg+xml');
    const svg = await answer.text();
    expect(svg).not.toMatch(/<script|<img/);
    expect(svg.match(/class="critical"/g)).toHaveLength(1);
    expect(svg).toContain('class="page"');
    const style = /<style>([\s\S]*)<\/style>/.exec(svg)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(answer.headers.get('Content-Security-Policy')).toContain(`'sha256-${hash}'`);
    const narrow = await textOf(site.get(`/incidents/${incident?.id}/chart.svg?size=narrow`));
    expect(narrow).toContain('viewBox="0 0 400 ');
    expect(page).toContain(`srcset="/incidents/${incident?.id}/chart.svg?size=narrow"`);
  });

  it('is not there for what another system judges, nor before anything was kept', async () => {
    const site = siteOf();
    const id = await site.incident();
    expect(await textOf(site.get(`/incidents/${id}`))).not.toContain('chart.svg');
    expect((await site.get(`/incidents/${id}/chart.svg`)).status).toBe(404);
    expect((await site.get('/incidents/inc-0000000000/chart.svg')).status).toBe(404);
  });
});

describe('what has too little evidence', () => {
  const guarded = { ...rule, title: 'Latency', samples: { minCount: 30 } };

  it('stands on the page of incidents, and in the answer of the API, rather than being taken for well', async () => {
    const site = siteOf({ part: { rules: { slow: guarded } } });
    expect(await textOf(site.get('/'))).not.toContain('Insufficient evidence');
    await site.story.value('latency', 'critical', { model: evil });
    await site.story.pass('1m');
    const page = await textOf(site.get('/'));
    expect(page).toMatch(/Insufficient evidence \(1\)[\s\S]*slow[\s\S]*1 of 1[\s\S]*of at least 30/);
    expect(await (await site.get('/api/insufficient-evidence')).json()).toMatchObject({
      rules: [{ rule: 'slow', affectedSeries: 1, totalSeries: 1 }],
    });
  });
});

describe('the list, with several open', () => {
  it('has the worst on top', async () => {
    const site = siteOf();
    await site.story.value('latency', 'critical', { model: 'a' });
    await site.story.pass('1m');
    await site.story.value('latency', 'warn', { model: 'b' });
    await site.story.pass('1m');
    const badges = [...(await textOf(site.get('/'))).matchAll(/class="badge (\w+)"/g)].map(([, severity]) => severity);
    expect(badges).toEqual(['critical', 'warn']);
  });
});

describe('the page of an incident', () => {
  it('says what happens next unless someone acts, and how fast one ought to', async () => {
    const duty = { policy: 'duty', ackTarget: '10m', resolveTarget: '2h' };
    const site = siteOf({ part: { matrix: { default: { warn: duty, critical: duty } } } });
    const id = await site.incident();
    const words = () => wordsOf(site.get(`/incidents/${id}`));
    expect(await words()).toMatch(/tier 2 is paged at 2026-01-05 09:16 UTC unless someone acknowledges/);
    expect(await words()).toMatch(/policy duty: acknowledge within 10m, resolve within 2h/);
    await site.story.pass('35m');
    expect(await words()).toMatch(/tier 3 paged[\s\S]*escalates at 2026-01-05 09:46 UTC unless someone acknowledges/);
    await site.post(`/incidents/${id}/acknowledge`, '', form);
    expect(await words()).toMatch(/escalates again at 2026-01-05 13:36 UTC unless it is resolved/);
  });

  it('shows what, how bad, since when, why and what has been done', async () => {
    const site = siteOf();
    const words = await wordsOf(site.get(`/incidents/${await site.incident({ model: 'm', region: 'east' })}`));
    for (const said of [
      'critical',
      'tier 1 paged',
      '2026-01-05 09:01 UTC',
      'policy duty',
      'region=east',
      'page delivered',
      'responder/ana',
    ]) {
      expect.soft(words).toContain(said);
    }
  });

  it('escapes labels, titles and owners, wherever they come from', async () => {
    const site = siteOf({ part: { rules: { slow: rule } } });
    const id = await site.incident({ model: evil, '<b>name</b>': evil });
    for (const page of [await textOf(site.get(`/incidents/${id}`)), await textOf(site.get('/'))]) {
      expect.soft(page).not.toMatch(/<script|<img|<b>name/);
      expect.soft(page).toContain('&lt;script&gt;alert(1)');
    }
  });

  it('that is not there answers 404, and escapes what was asked for', async () => {
    const response = await siteOf().get(`/incidents/${encodeURIComponent('<script>alert(1)</script>')}`);
    expect(response.status).toBe(404);
    const page = await response.text();
    expect(page).toContain('There is no incident &lt;script&gt;');
    expect(page).not.toContain('<script');
  });

  it('survives an address that is not encoded as it should be', async () => {
    expect((await siteOf().get('/incidents/%E0%A4%A')).status).toBe(404);
    expect((await siteOf().post('/incidents/%ff/resolve', '', form)).status).toBe(303);
  });
});

describe('the buttons of an incident', () => {
  it('act and lead back to the page, which says once what was done', async () => {
    const site = siteOf();
    const id = await site.incident();
    const pressed = await site.post(`/incidents/${id}/acknowledge`, '', form);
    expect(pressed.status).toBe(303);
    expect(pressed.headers.get('Location')).toBe(`/incidents/${id}`);
    expect(await site.story.incident()).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'web' });

    const page = await site.get(`/incidents/${id}`, cookieOf(pressed));
    expect(await textOf(page)).toContain(`<p class="message">${id} acknowledged by web</p>`);
    expect(page.headers.getSetCookie()).toEqual([expect.stringMatching(/^tocsin-message=; Max-Age=0/)]);
    expect(await textOf(site.get(`/incidents/${id}`))).not.toContain('class="message"');
  });

  it('say why they were refused', async () => {
    const site = siteOf();
    const id = await site.incident();
    await site.over();
    await site.post(`/incidents/${id}/resolve`, '', form);
    const pressed = await site.post(`/incidents/${id}/acknowledge`, '', form);
    expect(await textOf(site.get(`/incidents/${id}`, cookieOf(pressed)))).toMatch(
      /class="message">inc-\w+ was already resolved by web/,
    );
  });

  it('ask before they resolve while alerts fire, and again where something else fires by then', async () => {
    const site = siteOf();
    const id = await site.incident({ model: evil });
    const seenIn = (page: string): string => `seen=${encodeURIComponent(/name="seen" value="([^"]+)"/.exec(page)?.[1] ?? '')}`;
    const asked = await site.post(`/incidents/${id}/resolve`, '', form);
    expect(asked.status).toBe(409);
    const page = await textOf(asked);
    expect(page).toMatch(/Resolve although alerts fire\?[\s\S]*<li>critical: slow {[^<]*}, value 250[^<]*<\/li>/);
    expect(page).toContain(`<form method="post" action="/incidents/${id}/resolve">`);
    expect(page).not.toContain('http-equiv="refresh"');

    await site.incident({ model: evil, host: 'b' });
    const again = await site.post(`/incidents/${id}/resolve`, seenIn(page), form);
    expect(again.status).toBe(409);
    expect(await site.story.incident()).toMatchObject({ status: 'triggered' });
    const done = await site.post(`/incidents/${id}/resolve`, seenIn(await textOf(again)), form);
    expect(done.status).toBe(303);
    expect(await site.story.incident()).toMatchObject({ status: 'resolved', resolvedBy: 'web' });
    expect(await textOf(site.get(`/incidents/${id}`))).toMatch(/<dt>Next<\/dt><dd>comes back at [^<]+ UTC if it still fires/);
  });

  it('ask twice before a rollback, which is offered where it was not done by itself', async () => {
    const rollbacks = { back: { deployment: 'served' } };
    const deployments = { served: { hook: { webhook: { url: 'https://hook.example', secret: 'HOOK' } } } };
    const site = siteOf({ part: { rules: { slow: { ...rule, rollback: 'back' } }, rollbacks, deployments } });
    const id = await site.incident();
    await site.story.pass('1m');
    expect(await textOf(site.get(`/incidents/${id}`))).toMatch(
      /<details><summary>Roll back<\/summary><p>served: [^<]+<\/p><form method="post" action="[^"]+\/rollback">/,
    );
    await site.post(`/incidents/${id}/rollback`, '', form);
    await site.story.pass('1m');
    expect(site.story.hook.carriedOut).toMatchObject([{ deployment: 'served', from: 'v2', to: 'v1' }]);
  });

  it('that are not there answer 404', async () => {
    const site = siteOf();
    expect((await site.post(`/incidents/${await site.incident()}/explode`, '', form)).status).toBe(404);
  });

  it('are shown as far as they make sense', async () => {
    const site = siteOf();
    const id = await site.incident();
    const buttons = async () =>
      [...(await textOf(site.get(`/incidents/${id}`))).matchAll(/<button[^>]*>([^<]+)/g)].map(([, text]) => text);
    expect(await buttons()).toEqual(['Acknowledge', 'Resolve', 'Escalate']);
    await site.post(`/incidents/${id}/acknowledge`, '', form);
    expect(await buttons()).toEqual(['Resolve', 'Escalate']);
    await site.over();
    await site.post(`/incidents/${id}/resolve`, '', form);
    expect(await buttons()).toEqual([]);
  });

  it('take no words from a link into their mouth', async () => {
    const site = siteOf();
    expect(await textOf(site.get(`/incidents/${await site.incident()}?message=all+is+well`))).not.toContain('all is well');
  });
});

describe('who may ask', () => {
  it.each([
    ['a page elsewhere that posts', { Host: '127.0.0.1:4319', Origin: 'https://evil.example' }],
    ['a page on another port of this machine', { Host: '127.0.0.1:4319', Origin: 'http://127.0.0.1:8080' }],
    ['a page without an origin', { Host: '127.0.0.1:4319', Origin: 'null' }],
    ['a name that was made to lead here', { Host: 'evil.example:4319', Origin: 'http://evil.example:4319' }],
  ])('not %s', async (_, headers: Record<string, string>) => {
    const site = siteOf();
    const id = await site.incident();
    for (const path of [`/incidents/${id}/resolve`, `/api/incidents/${id}/resolve`, '/v1/samples', '/slack/commands']) {
      expect.soft((await site.post(path, '', { ...headers, ...form })).status, path).toBe(403);
    }
    expect(await site.story.incident()).toMatchObject({ status: 'triggered' });
  });

  it('not a foreign name that was made to lead here, not even to read', async () => {
    const site = siteOf();
    for (const path of ['/', '/api/incidents', '/healthz', '/runbooks/x']) {
      expect.soft((await site.get(path, { Host: 'evil.example' })).status, path).toBe(403);
    }
  });

  it.each([
    { Host: '127.0.0.1:4319', Origin: 'http://127.0.0.1:4319' },
    { Host: 'localhost:4319', Origin: 'http://localhost:4319' },
    { Host: '[::1]:4319', Origin: 'http://[::1]:4319' },
    { Host: 'tocsin.example', Origin: 'https://tocsin.example' },
  ])('the own page at $Origin', async (headers) => {
    const site = siteOf({ settings: { publicUrl: 'https://tocsin.example' } });
    const id = await site.incident();
    expect((await site.get('/', { Host: headers.Host })).status).toBe(200);
    expect((await site.post(`/incidents/${id}/acknowledge`, '', { ...headers, ...form })).status).toBe(303);
  });
});

describe('the web password', () => {
  const locked = { settings: { webPassword: 'WEB_PASSWORD' }, secrets: { WEB_PASSWORD: 'hunter2' } };

  it.each([
    ['none', {}],
    ['a wrong one', basic('ana', 'hunter3')],
    ['an empty one', basic('ana', '')],
    ['one that is not encoded', { Authorization: 'Basic ana:hunter2' }],
    ['a bearer token', { Authorization: 'Bearer hunter2' }],
  ])('keeps out who presents %s', async (_, headers: Record<string, string>) => {
    const site = siteOf(locked);
    const id = await site.incident();
    for (const path of ['/', `/incidents/${id}`, '/api/incidents']) {
      const response = await site.get(path, headers);
      expect(response.status).toBe(401);
      expect(response.headers.get('WWW-Authenticate')).toMatch(/^Basic realm="Tocsin"/);
      expect(await response.text()).not.toMatch(/inc-|hunter2/);
    }
    expect((await site.post(`/incidents/${id}/resolve`, '', { ...headers, ...form })).status).toBe(401);
    expect(await site.story.incident()).toMatchObject({ status: 'triggered' });
  });

  it('lets in who presents the right one, and their name is on the timeline', async () => {
    const site = siteOf(locked);
    const id = await site.incident();
    expect((await site.get('/', basic('ana', 'hunter2'))).status).toBe(200);
    await site.post(`/incidents/${id}/acknowledge`, '', { ...basic('ana', 'hunter2'), ...form });
    expect(await site.story.incident()).toMatchObject({ acknowledgedBy: 'web:ana' });
  });

  it('takes no name that would break a line or pass for someone else', async () => {
    const site = siteOf(locked);
    const id = await site.incident();
    await site.post(`/incidents/${id}/acknowledge`, '', { ...basic('\u001b[2Jresponder/ana', 'hunter2'), ...form });
    expect(await site.story.incident()).toMatchObject({ acknowledgedBy: 'web' });
  });

  it('without a value closes the pages, and the log says why', async () => {
    const site = siteOf({ ...locked, secrets: {} });
    expect((await site.get('/', basic('ana', ''))).status).toBe(503);
    expect(site.story.logged).toEqual([expect.stringMatching(/the web password has no value/)]);
  });

  it('is asked for wherever anyone can reach the address', async () => {
    const response = await siteOf({ access: 'public' }).get('/');
    expect(response.status).toBe(403);
    expect(await response.text()).toMatch(/settings.webPassword/);
  });
});

describe('runbooks', () => {
  const runbook = (markdown: string) => [{ name: 'latency-spike', title: 'Latency', markdown }];

  it('are served with a title, and found whether or not a link names the file', async () => {
    const site = siteOf({ runbooks: runbook('# Steps\n\n1. Look at [the other](no-data.md#steps).\n') });
    const page = await textOf(site.get('/runbooks/latency-spike'));
    expect(page).toContain('<title>Latency - Tocsin</title>');
    expect(page).toContain('<h1>Steps</h1>');
    expect(page).toContain('<a href="/runbooks/no-data#steps">the other</a>');
  });

  it('that are not there answer 404 with those that are', async () => {
    const response = await siteOf({ runbooks: runbook('x') }).get('/runbooks/%3Cscript%3E');
    expect(response.status).toBe(404);
    expect(await response.text()).toMatch(/There is no runbook &lt;script&gt;[\s\S]*href="\/runbooks\/latency-spike"/);
  });

  it.each([
    ['a script', '<script>alert(1)</script>', /<script/],
    ['an image that fails', 'text <img src=x onerror=alert(1)> text', /<img/],
    ['a page that moves on', '<meta http-equiv="refresh" content="0;url=https://evil.example">', /<meta http-equiv/],
    ['a form', '<form action="https://evil.example"><button>Log in</button></form>', /<form/],
    [
      'a link that runs',
      '[x](javascript:alert(1)) [y](JaVaScRiPt:alert) [z](data:text/html,x) <javascript:alert(1)>',
      /href="(javascript|data)/i,
    ],
    ['a link that runs after all', '[x](&#106;avascript:alert) [y](java\tscript:alert)', /href="[^"]*script/i],
    ['a link out of its quotes', '[x](https://e.example/"onclick="alert(1) "t\\"onclick=\\"alert(1)")', /<a[^>]*[" ]onclick="/],
    ['an image', '![a "b" <i>](https://evil.example/pixel.png)', /<img|<i>/],
  ])('run nothing, here %s', async (_, markdown, harm) => {
    const page = await textOf(siteOf({ runbooks: runbook(markdown) }).get('/runbooks/latency-spike'));
    const article = page.slice(page.indexOf('<article>'));
    expect(article).not.toMatch(harm);
  });

  it('of the project itself are served, each with a heading and no visible markup', async () => {
    const runbooks = [...readRunbooks('runbooks').values()];
    const site = siteOf({ runbooks });
    for (const { name } of runbooks) {
      const page = await textOf(site.get(`/runbooks/${name}`));
      expect.soft(page.match(/<h1>/g), name).toHaveLength(1);
      expect.soft(page.replace(/<code[\s\S]*?<\/code>/g, ''), name).not.toMatch(/&lt;\/?[a-z]+&gt;|\]\(|\*\*/);
    }
  });

  it('are open to whoever has the link', async () => {
    const site = siteOf({ access: 'public', runbooks: runbook('x') });
    expect((await site.get('/runbooks/latency-spike')).status).toBe(200);
  });
});

describe('every page', () => {
  it('forbids frames, foreign scripts and content, and is not kept', async () => {
    const site = siteOf();
    const paths = ['/', `/incidents/${await site.incident()}`, '/runbooks/none', '/nothing', '/api/incidents'];
    for (const path of paths) {
      const { headers } = await site.get(path);
      const policy = headers.get('Content-Security-Policy') ?? '';
      expect.soft(policy).toMatch(/default-src 'none'/);
      expect.soft(policy).toMatch(/frame-ancestors 'none'/);
      expect.soft(policy).not.toMatch(/unsafe/);
      expect.soft(policy).toMatch(/script-src 'self';/);
      expect.soft(policy).toMatch(/require-trusted-types-for 'script'; trusted-types 'none'/);
      expect.soft(headers.get('X-Frame-Options')).toBe('DENY');
      expect.soft(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect.soft(headers.get('Strict-Transport-Security')).toBeNull();
    }
    expect.soft((await site.get('/')).headers.get('Cache-Control')).toBe('no-store');
    expect.soft((await site.get('/api/incidents')).headers.get('Cache-Control')).toBe('private, no-cache');
    expect((await siteOf({ access: 'public' }).get('/healthz')).headers.get('Strict-Transport-Security')).toMatch(/max-age/);
  });

  it('holds no script and no style of its own', async () => {
    const site = siteOf();
    for (const path of ['/', `/incidents/${await site.incident()}`]) {
      expect.soft(await textOf(site.get(path))).not.toMatch(/<script|<style|style=|\son\w+=/);
    }
  });

  it('finds its style', async () => {
    const response = await siteOf().get('/style.css');
    expect(response.headers.get('Content-Type')).toBe('text/css; charset=utf-8');
  });
});
