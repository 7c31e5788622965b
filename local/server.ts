import type { Server as HttpServer } from 'node:http';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { StartError } from './start-error.ts';

/** How long a request may still run at shutdown. */
const graceMs = 2000;
/** How often shutdown checks whether such requests are done. */
const idleMs = 20;
/**
 * Idle connections are left for the client to close. If we close one just as a request arrives,
 * that request is lost. Prometheus closes after five minutes.
 */
const keepAliveMs = 600_000;

export type Server = { url: string; close(): Promise<void> };

/**
 * Serves on one address, by default the loopback address. Port 0 picks a free port. Throws
 * StartError if the port is taken.
 */
export function startServer(app: Hono, port: number, hostname = '127.0.0.1'): Promise<Server> {
  return new Promise((resolve, reject) => {
    // Without TLS options it is a plain node:http server.
    const server = serve({ fetch: app.fetch, port, hostname, serverOptions: { keepAliveTimeout: keepAliveMs } }, (info) => {
      resolve({
        url: `http://${hostname.includes(':') ? `[${hostname}]` : hostname}:${info.port}`,
        close: () =>
          new Promise((closed) => {
            // Running requests are answered; idle connections, and slow ones after a while, are
            // cut.
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
