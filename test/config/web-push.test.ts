import { describe, expect, it } from 'vitest';
import { errorsOf } from './errors-of.ts';

const ben = (contacts: string): string => `responders:\n  ben: { name: Ben, contacts: [${contacts}] }\n`;

describe('web push in a config', () => {
  it('is taken, of somebody the config knows', () => expect(errorsOf(ben('{ webPush: ben }, { webPush: ana }'))).toEqual([]));

  it('is refused of somebody that it does not', () => {
    const [error, ...others] = errorsOf(ben('{ webPush: bne }'));
    expect(error).toContain('responders.ben.contacts[0].webPush');
    expect(others).toEqual([]);
  });

  it('is refused where browsers give no pages: over plain HTTP', () => {
    const settings = (url: string): string => `settings:\n  publicUrl: ${url}\n`;
    expect(errorsOf(ben('{ webPush: ben }'), settings('http://tocsin.example'))).toHaveLength(1);
    for (const url of ['https://tocsin.example', 'http://127.0.0.1:4319'])
      expect(errorsOf(ben('{ webPush: ben }'), settings(url))).toEqual([]);
  });

  it('takes services as URLs, a key by name, and an address for those who run push services', () => {
    const settings = (text: string): string => `settings:\n  webPush: ${text}\n`;
    expect(
      errorsOf(settings('{ key: PUSH_KEY, subject: "mailto:sre@example.com", services: ["https://push.example"] }')),
    ).toEqual([]);
    for (const bad of ['{ key: "hush hush" }', '{ subject: sre@example.com }', '{ services: [push.example] }'])
      expect(errorsOf(settings(bad)), bad).toHaveLength(1);
  });
});
