import { describe, expect } from 'vitest';
import { terminalChannel } from '../../../adapters/terminal/index.ts';
import { functionNeeds } from '../../../core/config/function-needs.ts';
import { errorsOf } from '../../config/errors-of.ts';
import { examplePage } from '../../contract/example-page.ts';
import { houseWithLinks, linkFor, publicUrl, sentLinks } from '../../http/page-links.ts';
import { browserOn } from '../../http/sign-in/browser.ts';
import { configOf } from '../../scenario/harness.ts';
import { threat } from './threat.ts';

describe('links in pages', () => {
  threat('a mail scanner or a preview acknowledges by following the link of a page', async () => {
    const site = houseWithLinks();
    await site.incident();
    const [link = ''] = sentLinks(site);
    const headers = { 'X-HTTP-Method-Override': 'POST', 'User-Agent': 'Mimecast' };
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'])
      await site.app.request(`${publicUrl}${link}?_method=POST`, { method, headers });
    expect((await site.story.incident()).status).toBe('triggered');
  });

  threat('somebody bends the link of a page, or uses it for another incident, or again', async () => {
    const site = houseWithLinks();
    const id = await site.incident();
    const [link = ''] = sentLinks(site);
    const [payload = '', signature = ''] = link.slice('/a/'.length).split('.');
    const told = JSON.parse(Buffer.from(payload, 'base64url').toString()) as unknown[];
    expect(told[0]).toBe(id);
    const phone = browserOn(site);
    const bent = [
      ['inc-0', ...told.slice(1)],
      [...told.slice(0, 2), 9e15, ...told.slice(3)],
      [...told.slice(0, 3), 'ben', ...told.slice(4)],
    ];
    for (const one of bent) {
      const text = Buffer.from(JSON.stringify(one)).toString('base64url');
      expect((await phone.send(`/a/${text}.${signature}`)).status).toBe(403);
    }
    expect((await site.story.incident()).status).toBe('triggered');
    expect((await phone.send(link)).status).toBe(200);
    await site.story.press('escalate');
    const before = await site.story.incident();
    await phone.send(link);
    expect(await site.story.incident()).toEqual(before);
  });

  threat('a link that others read acts as a person', async () => {
    const site = houseWithLinks();
    const id = await site.incident();
    await browserOn(site).send(linkFor(site, id, { kind: 'sns', topic: 'ana' }, 'ana'));
    expect(await site.story.incident()).toMatchObject({ acknowledgedBy: 'contact/sns:ana' });
  });

  threat('what sends pages signs somebody in', () => {
    const settings = { webPassword: 'WEB', signIn: { secret: 'SESSIONS' }, pageLinks: { secret: 'LINKS' } } as const;
    const needs = functionNeeds(configOf({ settings }));
    const readers = (name: string): string[] =>
      Object.entries(needs).flatMap(([one, { secrets = [] }]) => (secrets.includes(name) ? [one] : []));
    expect(readers('LINKS').toSorted()).toEqual(['deliver', 'web']);
    expect(readers('SESSIONS')).toEqual(['web']);
    expect(readers('WEB')).toEqual(['web']);
    for (const secret of ['SESSIONS', 'WEB']) {
      const written = { ...settings, pageLinks: { secret } };
      expect(errorsOf(JSON.stringify({ settings: written }))).toContainEqual(expect.stringContaining('a secret of its own'));
    }
  });

  threat('the link of a page gets into a log, a timeline or the audit log', async () => {
    const site = houseWithLinks();
    await site.incident();
    const [link = ''] = sentLinks(site);
    await browserOn(site).send(link);
    const { logged, decided } = site.story;
    const told = JSON.stringify([logged, decided, await site.story.entries(), await site.ports.store.auditLog(100)]);
    expect(told).not.toContain(link.slice('/a/'.length).split('.')[1]);
    for (const links of [true, false]) {
      const lines: string[] = [];
      await terminalChannel({ write: (line) => lines.push(line), links }).send(
        { kind: 'terminal' },
        examplePage({ acknowledgeUrl: `${publicUrl}${link}` }),
        'k',
      );
      expect(lines.join('\n').includes(link)).toBe(links);
    }
  });

  threat('the link to a chart tells a stranger what there is', async () => {
    const site = houseWithLinks({ rasteriser: async () => new Uint8Array([1]) });
    const id = await site.incident();
    const answers = await Promise.all(
      [`/c/${id}.png`, `/c/${id}/chart.png`, '/c/inc-0.png', `/c/${'A'.repeat(80)}.${'b'.repeat(43)}.png`].map((path) =>
        site.get(path),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    for (const answer of answers) expect(await answer.text()).not.toContain('incident');
  });
});
