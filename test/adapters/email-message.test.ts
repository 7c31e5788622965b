import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { digestMail, pageMail } from '../../adapters/email/message.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { asIncidentId } from '../../core/vocabulary/ids.ts';
import { exampleAlert, examplePage } from '../contract/example-page.ts';

const envelope = { from: 'tocsin@example.com', to: ['ana@example.com'] };

async function made(over: Partial<Page> = {}, key = 'inc-1#1#0') {
  const raw = (await pageMail(examplePage(over), key, envelope)).toString('utf8');
  const mail = await PostalMime.parse(raw);
  const header = (name: string): string | undefined => mail.headers.find((one) => one.key === name)?.value;
  return { raw, mail, header };
}

describe('a page as a message', () => {
  it('says the state and what in the subject, and who sends', async () => {
    const { mail } = await made();
    expect(mail.subject).toBe('CRITICAL: Accuracy of flight delays (flight-delays, production)');
    expect(mail.from).toMatchObject({ name: 'Tocsin', address: 'tocsin@example.com' });
    expect(mail.to).toMatchObject([{ address: 'ana@example.com' }]);
  });

  it('has the same id at every try and another one for another page, and one thread an incident', async () => {
    const [first, again, later, other] = await Promise.all([
      made(),
      made({ at: Date.UTC(2026, 0, 5, 9, 1) }),
      made({ status: 'resolved', reason: 'resolved' }, 'inc-1#2#0'),
      made({ incidentId: asIncidentId('inc-2') }, 'inc-2#1#0'),
    ]);
    expect(again.mail.messageId).toBe(first.mail.messageId);
    expect(new Set([first, later, other].map(({ mail }) => mail.messageId)).size).toBe(3);
    expect(first.mail.messageId).toMatch(/^<[0-9a-f]{32}@example\.com>$/);
    expect(later.mail.inReplyTo).toBe(first.mail.inReplyTo);
    expect(later.mail.references).toBe(first.mail.references);
    expect(other.mail.references).not.toBe(first.mail.references);
    expect(first.mail.inReplyTo).toBe(first.mail.references);
  });

  it('asks machines not to answer, and mail programs to show what is urgent', async () => {
    const { header } = await made();
    expect([header('auto-submitted'), header('x-auto-response-suppress'), header('importance')]).toEqual([
      'auto-generated',
      'All',
      'high',
    ]);
    expect((await made({ status: 'resolved' })).header('importance')).toBeUndefined();
    expect((await made({ severity: 'warn' })).header('importance')).toBeUndefined();
  });

  it.each(['\r\nBcc: eve@example.com', '\nBcc: eve@example.com\n\nbody', '\u2028Bcc: eve@example.com', '\r\n\r\n<b>body</b>'])(
    'takes %j in a title for words, never for a header',
    async (bad) => {
      const title = `Accuracy${bad}`;
      const { mail, raw } = await made({ title, alerts: [exampleAlert({ title, labels: { [`x${bad}`]: bad } })] });
      expect(mail.bcc ?? []).toEqual([]);
      expect(raw).not.toMatch(/^bcc:/im);
      expect(mail.subject).toContain('Accuracy');
      expect(mail.to).toHaveLength(1);
    },
  );

  it('has no line of more than 998 bytes, and none that is not ASCII, whatever a label holds', async () => {
    const long = 'ä🛬x'.repeat(3000);
    const { raw, mail } = await made({ title: long, why: long, alerts: [exampleAlert({ reason: long, labels: { long } })] });
    expect(Math.max(...raw.split('\r\n').map((line) => Buffer.byteLength(line)))).toBeLessThan(998);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is asked for.
    expect(raw).toMatch(/^[\x00-\x7f]*$/);
    expect(mail.subject).toMatch(/^CRITICAL: ä🛬xä.*…$/);
  });

  it('keeps its links however long the rest is, under what mail programs show', async () => {
    const long = 'ä<&>🛬'.repeat(20_000);
    const alerts = Array.from({ length: 10 }, () => exampleAlert({ title: long, reason: long, labels: { long } }));
    const { mail } = await made({ alerts, owner: long, target: long });
    expect(Buffer.byteLength(mail.html ?? '')).toBeLessThan(102_000);
    for (const text of [mail.text, mail.html]) {
      expect(text).toContain('http://127.0.0.1:4319/incidents/inc-0123456789');
      expect(text).toContain('http://127.0.0.1:4319/runbooks/accuracy-drop');
    }
  });

  it('shows markup in HTML as what it is, and runs and loads nothing', async () => {
    const title = '<script>alert(1)</script><img src=x onerror=alert(1)> & "quotes"';
    const { mail } = await made({ title, why: title });
    expect(mail.html).toContain('&lt;script&gt;');
    expect(mail.html).not.toMatch(/<script|<img|<link|<style/i);
  });

  it('has the button that acknowledges, and the chart with its words, where the page has them', async () => {
    const acknowledgeUrl = 'https://t.example/a/x?t=1&u=2';
    const chart = { url: 'https://t.example/c/x.png', isPublic: true, alt: 'accuracy fell to 0.71' };
    const { mail } = await made({ acknowledgeUrl, chart });
    expect(mail.text).toContain(acknowledgeUrl);
    expect(mail.html).toContain('href="https://t.example/a/x?t=1&amp;u=2"');
    expect(mail.html).toContain('src="https://t.example/c/x.png" alt="accuracy fell to 0.71"');
    const without = await made();
    expect(without.mail.html).not.toMatch(/Acknowledge|<img/);
  });
});

it('a digest has a subject, its lines and a key, and is part of no thread', async () => {
  const digest = { title: 'Digest weekly', lines: ['Paged:', '  responder/ana: 2 pages'], url: 'https://t.example', at: 0 };
  const mail = await PostalMime.parse(await digestMail(digest, 'digest/weekly#1#0', envelope));
  expect(mail.subject).toBe('Digest weekly');
  expect(mail.text).toContain('  responder/ana: 2 pages');
  expect(mail.inReplyTo).toBeUndefined();
  expect(mail.messageId).toBeTruthy();
});
