import type { Server as HttpServer } from 'node:http';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { StartError } from './start-error.ts';

/** How long a request that is under way at the end may still take. */
const graceMs = 2000;
/** How often it is looked whether such a request is through. */
const idleMs = 20;
/**
 * A connection that waits is left to its client to close: one that we close just as a request comes takes that request with
 * it. Prometheus closes after five minutes.
 */
const keepAliveMs = 600_000;

export type Server = { url: string; close(): Promise<void> };

/** Serves on the loopback address only. Port 0 takes a free one. Throws StartError when the port is taken. */
export function startServer(app: Hono, port: number, hostname = '127.0.0.1'): Promise<Server> {
  return new Promise((resolve, reject) => {
    // Without TLS options it is a plain server of node:http.
    const server = serve({ fetch: app.fetch, port, hostname, serverOptions: { keepAliveTimeout: keepAliveMs } }, (info) => {
      resolve({
        url: `http://${hostname}:${info.port}`,
        close: () =>
          new Promise((closed) => {
            // Requests under way are answered; connections that only wait, or take too long, are cut.
            const idle = setInterval(() => server.closeIdleConnections(), idleMs);
            const late = setTimeout(() => server.closeAllConnections(), graceMs);
            server.close(() => {
              clearInterval(idle);
              clearTimeout(late);
              closed();
            });
          }),
      });
    }) as HttpServer;
    server.on('error', (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === 'EADDRINUSE'
          ? `port ${port} is taken; stop what listens there, or choose another with --port`
          : `cannot listen on ${hostname}:${port}: ${cause.message}`;
      reject(new StartError(why, { cause }));
    });
  });
}
