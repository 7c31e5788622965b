import { describe, expect, it } from 'vitest';
import { ruleOn } from '../scenario/harness.ts';
import { houseWithLinks as house, linkFor, pageOf, publicUrl, sentLinks } from './page-links.ts';
import { browserOn } from './sign-in/browser.ts';

describe('the link in a page', () => {
  it('acknowledges by one tap as the one it was sent to, without signing in, and the timeline says how', async () => {
    const site = house();
    await site.incident();
    const [link = ''] = sentLinks(site);
    const phone = browserOn(site);
    const asked = await pageOf(await phone.get(link));
    expect(asked.status).toBe(200);
    expect(asked.text).toContain('responder/ana');
    expect(asked.text).toMatch(
      /<form class="tap" method="post" action="\/a\/[\w.-]+"><button class="first">Acknowledge<\/button>/,
    );
    expect(asked.text).not.toContain('<script');
    expect((await site.story.incident()).status).toBe('triggered');
    const done = await pageOf(await phone.send(link));
    expect(done.status).toBe(200);
    expect(await site.story.incident()).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'responder/ana' });
    const [entry] = await site.story.entries('acknowledged');
    expect(entry).toMatchObject({ actor: 'responder/ana', data: { byLink: true, contact: 'webPush:ana' } });
  });

  it('does nothing when it is looked at, asked for its head, or fetched ahead', async () => {
    const site = house();
    await site.incident();
    const [link = ''] = sentLinks(site);
    const ahead: [string, Record<string, string>][] = [
      ['GET', {}],
      ['HEAD', {}],
      ['OPTIONS', {}],
      ['GET', { Purpose: 'prefetch', 'Sec-Purpose': 'prefetch' }],
      ['GET', { 'User-Agent': 'Slackbot-LinkExpanding 1.0' }],
    ];
    for (const [method, headers] of ahead) await site.app.request(`${publicUrl}${link}`, { method, headers });
    expect((await site.story.incident()).status).toBe('triggered');
    expect(await site.story.entries('acknowledged')).toEqual([]);
    const head = await site.app.request(`${publicUrl}${link}`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('Cache-Control')).toBe('no-store');
    expect(head.headers.get('X-Robots-Tag')).toContain('noindex');
    expect(head.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
  });

  it('is taken from a program that posts, as a phone that has a button for it, and not from a page elsewhere', async () => {
    const site = house();
    await site.incident();
    const [link = ''] = sentLinks(site);
    const evil = await site.app.request(`${publicUrl}${link}`, {
      method: 'POST',
      headers: { Host: 'tocsin.example.com', Origin: 'https://evil.example' },
    });
    expect(evil.status).toBe(403);
    expect((await site.story.incident()).status).toBe('triggered');
    const answer = await site.app.request(`${publicUrl}${link}`, { method: 'POST' });
    expect(answer.status).toBe(200);
    expect((await site.story.incident()).status).toBe('acknowledged');
  });

  it('says so when it is tapped again, and to another person who was faster', async () => {
    const site = house();
    const id = await site.incident();
    const [link = ''] = sentLinks(site);
    const phone = browserOn(site);
    await phone.send(link);
    const again = await pageOf(await phone.send(link));
    expect(again).toEqual({ status: 200, text: expect.stringContaining('You have acknowledged it') });
    const bens = linkFor(site, id, { kind: 'webPush', responder: 'ben' }, 'ben');
    const late = await pageOf(await phone.send(bens));
    expect(late).toEqual({
      status: 409,
      text: expect.stringMatching(/acknowledged already[\s\S]*responder\/ana acknowledged it/),
    });
    expect((await pageOf(await phone.get(bens))).status).toBe(200);
    expect(await site.story.entries('acknowledged')).toHaveLength(1);
  });

  it('answers one page: once somebody has acknowledged it, it is over, and the next page has another', async () => {
    const site = house({
      part: { policies: { duty: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '15m' }], ackTimeout: '1h' } } },
    });
    await site.incident();
    const [first = ''] = sentLinks(site);
    const phone = browserOn(site);
    await phone.send(first);
    for (let hour = 0; hour < 8; hour++) {
      await site.story.value('latency', 'critical');
      await site.story.pass('10m');
    }
    expect((await site.story.incident()).status).toBe('triggered');
    const replayed = await pageOf(await phone.send(first));
    expect(replayed).toEqual({ status: 409, text: expect.stringContaining('an earlier page') });
    expect((await site.story.incident()).status).toBe('triggered');
    const next = sentLinks(site).at(-1) ?? '';
    expect(next).not.toBe(first);
    expect((await phone.send(next)).status).toBe(200);
    expect((await site.story.incident()).status).toBe('acknowledged');
  });

  it('changes nothing of an incident that is resolved, or was resolved and is open again', async () => {
    const site = house();
    await site.incident();
    const [link = ''] = sentLinks(site);
    const phone = browserOn(site);
    await site.story.press('resolve');
    const resolved = await pageOf(await phone.send(link));
    expect(resolved).toEqual({ status: 409, text: expect.stringContaining('resolved already') });
    expect((await site.story.incident()).status).toBe('resolved');
    for (let i = 0; i < 40 && (await site.story.incident()).status === 'resolved'; i++) {
      await site.story.value('latency', 'critical');
      await site.story.pass('1m');
    }
    expect((await site.story.incident()).status).not.toBe('resolved');
    const reopened = await pageOf(await phone.send(link));
    expect(reopened).toEqual({ status: 409, text: expect.stringContaining('earlier page') });
    expect(await site.story.entries('acknowledged')).toEqual([]);
  });

  it('opens nothing when its time is over, and says nothing of what there is', async () => {
    const site = house({ settings: { pageLinks: { secret: 'PAGE_LINKS', lasts: '2h' } } });
    const id = await site.incident();
    const [link = ''] = sentLinks(site);
    await site.story.pass('2h');
    const phone = browserOn(site);
    const over = await pageOf(await phone.get(link));
    const forged = await pageOf(await phone.get(`/a/${'A'.repeat(100)}.${'b'.repeat(43)}`));
    expect([over.status, forged.status]).toEqual([403, 403]);
    expect(over.text).toBe(forged.text);
    expect(over.text).not.toContain(id);
    const before = await site.story.incident();
    expect((await phone.send(link)).status).toBe(403);
    expect(await site.story.incident()).toEqual(before);
  });

  it('ends with the contact or the person that it was sent to', async () => {
    const site = house();
    const id = await site.incident();
    const { responders: now } = site.ports.config;
    const link = linkFor(site, id, { kind: 'webPush', responder: 'ana' }, 'ana');
    const { ana } = now;
    if (ana === undefined) throw new Error('expected ana');
    const phone = browserOn(site);
    now['ana'] = { ...ana, contacts: ana.contacts.filter(({ kind }) => kind !== 'webPush') };
    expect((await phone.send(link)).status).toBe(403);
    delete now['ana'];
    const gone = await pageOf(await phone.send(link));
    expect(gone).toEqual({ status: 403, text: expect.stringContaining('no longer valid') });
    expect((await site.story.incident()).status).toBe('triggered');
    now['ana'] = ana;
    expect((await phone.send(link)).status).toBe(200);
  });

  it('acts as the contact where others read it too, with no person in its name', async () => {
    const site = house();
    const id = await site.incident();
    const phone = browserOn(site);
    const link = linkFor(site, id, { kind: 'sns', topic: 'lea' }, 'lea');
    expect((await pageOf(await phone.get(link))).text).toMatch(/Others read sns:lea as well/);
    expect((await phone.send(link)).status).toBe(200);
    expect(await site.story.incident()).toMatchObject({ acknowledgedBy: 'contact/sns:lea' });
    const [entry] = await site.story.entries('acknowledged');
    expect(entry).toMatchObject({ actor: 'contact/sns:lea', data: { byLink: true, contact: 'sns:lea' } });
  });

  it('gives nobody more than their role: a viewer is refused', async () => {
    const site = house();
    const id = await site.incident();
    const phone = browserOn(site);
    const link = linkFor(site, id, { kind: 'webPush', responder: 'max' }, 'max');
    expect(await pageOf(await phone.send(link))).toEqual({ status: 403, text: expect.stringContaining('the role responder') });
    expect(await site.ports.store.auditLog(10)).toMatchObject([
      { kind: 'refused', actor: 'responder/max', data: { incident: id } },
    ]);
    expect((await site.story.incident()).status).toBe('triggered');
  });

  it('still serves whoever was on call when they were paged, and tells them whose turn it is', async () => {
    const site = house({
      part: {
        schedules: { ml: { timezone: 'UTC', start: '2026-01-04T09:30', rotation: 'daily', responders: ['ana', 'ben'] } },
        policies: { duty: { tiers: [{ targets: [{ schedule: 'ml' }], ackWithin: '2h' }] } },
      },
    });
    await site.incident();
    const [link = ''] = sentLinks(site);
    const phone = browserOn(site);
    expect((await pageOf(await phone.get(link))).text).not.toContain('no longer on call');
    await site.story.pass('45m');
    expect((await pageOf(await phone.get(link))).text).toMatch(/no longer on call for it: ben/);
    expect((await phone.send(link)).status).toBe(200);
    expect(await site.story.incident()).toMatchObject({ acknowledgedBy: 'responder/ana' });
  });

  it('acknowledges no other incident', async () => {
    const site = house({ part: { rules: { slow: ruleOn('latency'), late: ruleOn('age') } } });
    const first = await site.incident({ model: 'm' });
    await site.story.value('age', 'critical', { model: 'other' });
    await site.story.pass('2m');
    const [link = ''] = sentLinks(site);
    await browserOn(site).send(link);
    const open = await site.story.incidents();
    expect(open.filter(({ status }) => status === 'acknowledged').map(({ id }) => id)).toEqual([first]);
    expect(open).toHaveLength(2);
  });

  it('is in no log, on no timeline and in no audit log, whatever happens to it', async () => {
    let broken = false;
    const site = house({
      store: (store) => ({
        ...store,
        incident: (id) => (broken ? Promise.reject(new Error('disk')) : store.incident(id)),
      }),
    });
    await site.incident();
    const [link = ''] = sentLinks(site);
    const token = link.slice('/a/'.length);
    const phone = browserOn(site);
    broken = true;
    expect((await phone.get(link)).status).toBe(500);
    broken = false;
    await phone.send(link);
    const told = JSON.stringify([
      site.story.logged,
      await site.story.entries(),
      await site.ports.store.auditLog(100),
      site.story.decided,
    ]);
    expect(token.length).toBeGreaterThan(60);
    expect(told).not.toContain(token);
    expect(told).not.toContain(token.split('.')[1]);
  });

  it('is not made where it is switched off, where nothing signs, and for the test contact of Tocsin itself', async () => {
    for (const pageLinks of [{ secret: 'PAGE_LINKS', acknowledge: false, chart: false }, {}, { secret: 'NOT_THERE' }]) {
      const site = house({ settings: { pageLinks } });
      await site.incident();
      expect(site.story.phones.rung.length).toBeGreaterThan(0);
      for (const { page } of site.story.phones.rung) expect([page.acknowledgeUrl, page.chart]).toEqual([undefined, undefined]);
    }
  });

  it('says that it could not be done, and not that the link is none, while the key of this machine cannot be read', async () => {
    const site = house({ settings: { pageLinks: {} } });
    Object.assign(site.ports, { ownLinkKey: () => Promise.reject(new Error('the disk is full')) });
    const phone = browserOn(site);
    // As often as forged links would be refused for a while.
    for (let i = 0; i < 12; i++) expect((await phone.get(`/a/${'A'.repeat(40)}.${'b'.repeat(43)}`)).status).toBe(503);
  });

  it('slows down an address that brings one forged link after another, and keeps no good one waiting', async () => {
    const site = house();
    await site.incident();
    const [link = ''] = sentLinks(site);
    const phone = browserOn(site);
    for (let i = 0; i < 10; i++) expect((await phone.get(`/a/${'A'.repeat(40)}.${'b'.repeat(43)}`)).status).toBe(403);
    const waits = await phone.get(`/a/x`);
    expect([waits.status, Number(waits.headers.get('Retry-After'))]).toEqual([429, expect.any(Number)]);
    // Whoever shares the address, as behind a carrier, is served.
    expect((await phone.send(link)).status).toBe(200);
  });

  it('has the same address at every try of a page', async () => {
    const site = house();
    site.story.phones.behave('webPush:ana', 'hangs');
    await site.incident();
    site.story.phones.behave('webPush:ana', 'rings');
    await site.story.pass('2m');
    const ofAna = site.story.phones.rung.filter(({ contact }) => contact === 'webPush:ana').map(({ page }) => page);
    expect(ofAna.length).toBeGreaterThan(0);
    expect(ofAna[0]?.acknowledgeUrl).toBe(
      `${publicUrl}${linkFor(site, ofAna[0]?.incidentId ?? '', { kind: 'webPush', responder: 'ana' }, 'ana', ofAna[0]?.decidedAt)}`,
    );
  });
});
