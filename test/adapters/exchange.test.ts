import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { post } from '../../adapters/exchange.ts';

const open = new Set<{ close(): void }>();
afterEach(() => {
  for (const one of open) one.close();
  open.clear();
});

/**
 * A receiver that answers with raw text; `answer` is asked with how often this connection was used
 * before.
 */
async function receiver(answer: (used: number) => string): Promise<URL> {
  const server = createServer((socket: Socket) => {
    open.add({ close: () => socket.destroy() });
    let used = 0;
    socket.on('error', () => {});
    socket.on('data', () => socket.write(answer(used++)));
  });
  open.add(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

const send = (url: URL, timeoutMs = 300) => post(url, { headers: {}, body: '{}', timeoutMs, maxBytes: 8 });

it.each([
  ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123456789'],
  ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n4\r\n6789\r\n0\r\n\r\n'],
])('an answer that is too long is refused where its end comes with it, in %s', async (_, text) => {
  await expect(send(await receiver(() => text))).rejects.toMatchObject({ name: 'TooLongError' });
  // What nobody listens to any more would end the process about now.
  await pause(20);
});

it('a status is taken for what it is, however long its text is, and also where it does not end', async () => {
  const long = await receiver(() => `HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 20\r\n\r\n${'x'.repeat(20)}`);
  expect(await send(long)).toMatchObject({ status: 503, headers: { 'retry-after': '7' } });
  const endless = await receiver(() => 'HTTP/1.1 404 Not Found\r\nContent-Length: 20\r\n\r\nx');
  expect(await send(endless, 60_000)).toMatchObject({ status: 404 });
});

it('a refusal that is sent without end is cut, long before its time is over', async () => {
  const cut = Promise.withResolvers<void>();
  const server = createServer((socket: Socket) => {
    open.add({ close: () => socket.destroy() });
    socket.on('error', () => {}).on('close', () => cut.resolve());
    const more = (): void => void (socket.destroyed || socket.write('x'.repeat(65_536), more));
    socket.once('data', () => socket.write('HTTP/1.1 500 No\r\n\r\n', more));
  });
  open.add(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  expect(await send(url, 3_600_000)).toMatchObject({ status: 500, text: '' });
  await cut.promise;
});

it('the connection of a short refusal is used again', async () => {
  const url = await receiver((used) => `HTTP/1.1 503 Busy\r\nX-Used: ${used}\r\nContent-Length: 4\r\n\r\nbusy`);
  expect(await send(url)).toMatchObject({ headers: { 'x-used': '0' } });
  await expect.poll(async () => Number((await send(url)).headers['x-used'])).toBeGreaterThan(0);
});

it('an answer that changes to another protocol is none', async () => {
  const url = await receiver(() => 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  await expect(send(url)).rejects.toThrow('closed without an answer');
});

it('a byte order mark before an answer is none of it', async () => {
  const url = await receiver(() => 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n\uFEFF{}');
  expect(await send(url)).toMatchObject({ text: '{}' });
});

it('a connection that has lain idle is not used again, for its receiver may be gone without a word', async () => {
  const url = await receiver((used) => (used === 0 ? 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}' : ''));
  await send(url);
  await pause(1200);
  expect(await send(url)).toMatchObject({ status: 200 });
});
