import { Agent, get } from 'node:http';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { startServer } from '../../local/server.ts';
import { StartError } from '../../local/start-error.ts';

const app = new Hono().get('/', (c) => c.text('hello'));

describe('the server', () => {
  it('takes a free port, and only of this machine', async () => {
    const server = await startServer(app, 0);
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/);
    expect(await (await fetch(server.url)).text()).toBe('hello');
    await server.close();
    await expect(fetch(server.url)).rejects.toThrow();
  });

  it('says which port is taken', async () => {
    const server = await startServer(app, 0);
    const port = Number(new URL(server.url).port);
    const second = startServer(app, port);
    await expect(second).rejects.toThrow(StartError);
    await expect(second).rejects.toThrow(`port ${port} is taken; stop what listens there, or choose another with --port`);
    await server.close();
  });

  it('says where it cannot listen', async () => {
    await expect(startServer(app, 0, '192.0.2.1')).rejects.toThrow(/^cannot listen on 192\.0\.2\.1:0: .*EADDRNOTAVAIL/);
  });

  it('answers what is under way before it closes', async () => {
    let finish: (text: string) => void = () => {};
    let asked: () => void = () => {};
    const underWay = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const slow = new Hono().get('/', (c) => {
      asked();
      return new Promise<Response>((resolve) => {
        finish = (text) => resolve(c.text(text));
      });
    });
    const server = await startServer(slow, 0);
    const answer = fetch(server.url);
    await underWay;
    const closing = server.close();
    finish('done');
    expect(await (await answer).text()).toBe('done');
    await closing;
  });

  it('does not wait for connections that only stay open, nor for answers that never come', async () => {
    const agent = new Agent({ keepAlive: true });
    let asked: () => void = () => {};
    const underWay = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const stuck = new Hono()
      .get('/', (c) => c.text('hello'))
      .get('/never', () => {
        asked();
        return new Promise<Response>(() => {});
      });
    const server = await startServer(stuck, 0);
    await new Promise((resolve) => get(server.url, { agent }, (response) => response.resume().on('end', resolve)));
    const cut = fetch(`${server.url}/never`);
    await underWay;
    const [closed, answer] = await Promise.allSettled([server.close(), cut]);
    expect([closed.status, answer.status]).toEqual(['fulfilled', 'rejected']);
    agent.destroy();
  });
});
