import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { deadMansPing } from '../../../adapters/dead-mans-ping/index.ts';
import type { Ports } from '../../../app/ports/ports.ts';
import { pingIfWell } from '../../../app/selfcheck/dead-mans-ping.ts';
import { watchSynthetic } from '../../../app/selfcheck/synthetic.ts';
import { configSchema } from '../../../core/config/schema.ts';
import { standIn } from '../../contract/stand-in.ts';
import { configOf, minute, type Story, storyOf } from '../../scenario/harness.ts';

const settings = { deadMansPing: { url: 'https://ping.example/abc', every: '5m' } };

async function wellStory(): Promise<Story> {
  const story = storyOf({ settings });
  await noteTickAt(story);
  return story;
}

const noteTickAt = ({ store, clock }: Story, skipped = 0): Promise<void> =>
  store.setMeta('tick note', JSON.stringify({ at: clock.now(), rules: 1, series: 1, tookMs: 1, skipped }));

function counted(): { ping: (url: string) => Promise<void>; urls: string[] } {
  const urls: string[] = [];
  return { urls, ping: async (url) => void urls.push(url) };
}

describe("a dead-man's ping", () => {
  it('is sent as often as the settings say while all is well', async () => {
    const story = await wellStory();
    const { ping, urls } = counted();
    for (let n = 0; n < 11; n++) {
      await noteTickAt(story);
      await pingIfWell(story.ports, ping, story.clock.now());
      story.clock.set(story.clock.now() + minute);
    }
    expect(urls).toEqual(Array(3).fill('https://ping.example/abc'));
  });

  it('is withheld, and says why, while rules are not judged, or one is skipped', async () => {
    const story = storyOf({ settings });
    const { ping, urls } = counted();
    const ask = () => pingIfWell(story.ports, ping, story.clock.now());
    expect(await ask()).toEqual({ outcome: 'withheld', reasons: ['no rule has been judged yet'] });
    await noteTickAt(story, 1);
    expect(await ask()).toEqual({ outcome: 'withheld', reasons: ['1 rule could not be judged by the last tick'] });
    await noteTickAt(story);
    story.clock.set(story.clock.now() + 10 * minute);
    expect(await ask()).toEqual({ outcome: 'withheld', reasons: ['the rules were last judged 600s ago'] });
    expect(urls).toEqual([]);
    expect(story.logged).toHaveLength(3);
  });

  it('is withheld while the page of the last synthetic incident has not arrived', async () => {
    const syntheticIncident = { every: '1h', within: '3m', contact: { sns: 'test' } } as const;
    const story = storyOf({ settings: { ...settings, syntheticIncident } });
    const { ping, urls } = counted();
    const ask = async () => {
      await noteTickAt(story);
      return pingIfWell(story.ports, ping, story.clock.now());
    };
    story.phones.behave('sns:test', 'dead');
    await watchSynthetic(story.ports, story.clock.now());
    expect(await ask()).toEqual({ outcome: 'pinged' });
    story.clock.set(story.clock.now() + 10 * minute);
    await watchSynthetic(story.ports, story.clock.now());
    const reasons = ['the page of the last synthetic incident did not arrive within 3m'];
    expect(await ask()).toEqual({ outcome: 'withheld', reasons });
    expect(urls).toHaveLength(1);
  });

  it('is sent again the next minute when nobody answers', async () => {
    const story = await wellStory();
    const failing = () => Promise.reject(new Error('ping.example did not answer'));
    expect(await pingIfWell(story.ports, failing, story.clock.now())).toMatchObject({ outcome: 'failed' });
    const { ping, urls } = counted();
    await pingIfWell(story.ports, ping, story.clock.now() + minute);
    expect(urls).toHaveLength(1);
  });

  it('reads its address from a secret, and never shows it', async () => {
    const story = await wellStory();
    const config = configOf({ settings: { deadMansPing: { url: 'PING_URL' } } });
    const { ping, urls } = counted();
    const withSecret = (value: string | undefined): Ports => ({ ...story.ports, config, secrets: { get: async () => value } });
    expect(await pingIfWell(withSecret('no address'), ping, story.clock.now())).toEqual({
      outcome: 'failed',
      error: 'the secret PING_URL holds no http(s) address; set it where Tocsin runs',
    });
    await pingIfWell(withSecret('https://ping.example/token'), ping, story.clock.now());
    expect(urls).toEqual(['https://ping.example/token']);
    expect(story.logged.join()).not.toContain('token');
  });

  it('is off unless the settings name an address', async () => {
    const story = storyOf();
    expect(await pingIfWell(story.ports, counted().ping, story.clock.now())).toEqual({ outcome: 'not due' });
  });

  it('refuses an address that is none', () => {
    const result = configSchema.safeParse({
      settings: { deadMansPing: { url: 'ping.example' } },
      matrix: configOf().matrix,
    });
    expect(result.error?.issues[0]?.message).toBe('expected an http(s) URL, or the NAME of a secret that holds one');
  });
});

describe('the call itself', () => {
  it('is a GET, and any 2xx an arrival', async () => {
    const asked: string[] = [];
    const server = await standIn((request) => {
      asked.push(`${request.method} ${request.path}`);
      return { status: 202 };
    });
    await deadMansPing()(`${server.url}/abc`);
    await server.close();
    expect(asked).toEqual(['GET /abc']);
  });

  it.each([301, 404, 500])('takes a %i for none, and names the host only', async (status) => {
    const server = await standIn(() => ({ status }));
    const error: unknown = await deadMansPing()(`${server.url}/token`).catch((cause: unknown) => cause);
    await server.close();
    expect(String(error)).toContain(`HTTP status ${status}`);
    expect(String(error)).not.toContain('token');
  });

  it('reads no answer, however long it is', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200);
      const more = (): void => void (response.destroyed || response.write('x'.repeat(65_536), more));
      more();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await deadMansPing()(`http://127.0.0.1:${(server.address() as AddressInfo).port}/abc`);
    await once(server.close(), 'close');
  });

  it('tells no password of the address', async () => {
    const server = await standIn(() => ({}));
    await server.close();
    const address = server.url.replace('http://', 'http://ana:s3cret@');
    const error: unknown = await deadMansPing()(`${address}/token`).catch((cause: unknown) => cause);
    expect(String(error)).toMatch(/did not answer/);
    expect(String(error)).not.toMatch(/s3cret|token/);
  });

  it('says that nobody listens', async () => {
    const server = await standIn(() => ({}));
    await server.close();
    await expect(deadMansPing()(`${server.url}/token`)).rejects.toThrow(/did not answer/);
  });
});
