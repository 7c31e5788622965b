import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { StartError } from './start-error.ts';

export type Server = { url: string; close(): Promise<void> };

/** Serves on the loopback address only. Port 0 takes a free one. Throws StartError when the port is taken. */
export function startServer(app: Hono, port: number, hostname = '127.0.0.1'): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port, hostname }, (info) => {
      resolve({
        url: `http://${hostname}:${info.port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
    server.on('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? `port ${port} is taken; stop what listens there, or choose another with --port` : `cannot listen on ${hostname}:${port}: ${cause.message}`;
      reject(new StartError(why, { cause }));
    });
  });
}
