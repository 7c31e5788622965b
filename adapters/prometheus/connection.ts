import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Connection } from '../exchange.ts';

export type Tls = { ca?: string; cert?: string; key?: string; servername?: string };

/**
 * What one source connects with, kept between calls while its certificates are the same.
 * Connections are kept for the time between two ticks of a minute, and no longer than most servers
 * keep them.
 */
export const connect = (url: string, tls: Tls): Connection =>
  url.startsWith('https:')
    ? new HttpsAgent({ keepAlive: true, timeout: 30_000, ...tls })
    : new HttpAgent({ keepAlive: true, timeout: 30_000 });
