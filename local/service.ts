import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreFileError, StoreLockedError, sqliteStore } from '../adapters/sqlite/index.ts';
import type { Ports, Secrets } from '../app/ports.ts';
import { formatConfigError } from '../core/config/load.ts';
import { httpApp } from '../http/app.ts';
import type { Clock } from './clock.ts';
import { lineLog, narrator } from './narrate.ts';
import { environmentSecrets, localPorts } from './ports.ts';
import { readConfig } from './read-config.ts';
import { startServer } from './server.ts';
import { StartError } from './start-error.ts';

export type ServiceOptions = {
  /** A folder of YAML files, or one file. */
  config: string;
  runbooks: string;
  /** File of the store; its folder is made when it is missing. */
  store: string;
  port: number;
  clock: Clock;
  secrets?: Secrets;
  write: (line: string) => void;
  colors: boolean;
  /** Called after every commit, so that what became due is looked for at once. */
  onCommit?: () => void;
};

export type Service = { ports: Ports; url: string; close(): Promise<void> };

/** Reads the config, opens the store and serves HTTP. Throws StartError; nothing stays open then. */
export async function openService(options: ServiceOptions): Promise<Service> {
  const { write, colors, clock } = options;
  const read = readConfig(options.config, options.runbooks);
  if (!read.ok) {
    const more = read.errors.length > 1 ? ` (and ${read.errors.length - 1} more: npm run -s tocsin -- check)` : '';
    throw new StartError(`the config is wrong: ${read.errors[0] === undefined ? '' : formatConfigError(read.errors[0])}${more}`);
  }
  const store = openStore(options.store);
  try {
    const narrate = narrator({ write, colors, pagesPrinted: true });
    const ports = localPorts({
      config: read.config,
      store,
      secrets: options.secrets ?? environmentSecrets(),
      log: lineLog(write, clock.now),
      observe: (entries, effects) => {
        narrate(entries, effects);
        options.onCommit?.();
      },
      write,
      colors,
    });
    const app = httpApp({ ports, now: clock.now, runbooks: read.runbooks, access: 'local', reply: slackReply });
    const server = await startServer(app, options.port);
    return {
      ports,
      url: server.url,
      async close() {
        await server.close();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

function openStore(path: string): Ports['store'] {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return sqliteStore({ path });
  } catch (cause) {
    if (cause instanceof StoreLockedError || cause instanceof StoreFileError) throw new StartError(cause.message, { cause });
    throw new StartError(`the store ${path} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

async function slackReply(responseUrl: string, text: string): Promise<void> {
  const { slackReply: send } = await import('../adapters/slack/reply.ts');
  await send(responseUrl, text);
}
