import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { startServer } from '../../local/server.ts';
import { StartError } from '../../local/start-error.ts';
import { siteOf, sources } from '../http/site.ts';

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

  it('gives every answer the headers that the application gives it elsewhere', async () => {
    const { app: whole } = siteOf({ part: { sources, rules: {} } });
    const server = await startServer(whole, 0);
    const own = ['connection', 'keep-alive', 'date', 'content-length', 'transfer-encoding'];
    const told = ({ headers }: Response) => [...headers].filter(([name]) => !own.includes(name));
    for (const path of ['/', '/nothing', '/healthz', '/v1/samples', '/style.css']) {
      const plain = { headers: { 'Accept-Encoding': 'identity' } };
      const init = path === '/v1/samples' ? { ...plain, method: 'POST', body: '{' } : plain;
      const served = told(await fetch(`${server.url}${path}`, init));
      expect.soft(served, path).toEqual(told(await whole.request(path, init)));
      expect.soft(served, path).toContainEqual(['x-content-type-options', 'nosniff']);
      expect
        .soft(
          served.some(([name]) => name === 'content-security-policy'),
          path,
        )
        .toBe(path !== '/v1/samples');
    }
    await server.close();
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

  it('takes a sender who goes in the middle of a body for no fault of ours', async () => {
    const { app: whole, story } = siteOf({ part: { sources, rules: {} } });
    const server = await startServer(whole, 0);
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    const head = 'POST /v1/samples HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 500\r\n';
    // The server says when it reads the body.
    await new Promise((resolve) => socket.once('data', resolve).write(`${head}Expect: 100-continue\r\n\r\n[`));
    socket.destroy();
    await expect.poll(() => story.logged).not.toEqual([]);
    expect(story.logged).toEqual([
      'info: a sender disconnected in the middle of its request {"method":"POST","path":"/v1/samples"}',
    ]);
    await server.close();
  });
});
