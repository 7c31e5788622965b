import { describe, expect } from 'vitest';
import { registryRuns } from '../../../adapters/registry-runs.ts';
import { mostRuns } from '../../../core/telemetry/registries/asked-runs.ts';
import { type PolledRegistry, registrySchema } from '../../../core/telemetry/registries/registry-schema.ts';
import { standIn } from '../../contract/stand-in.ts';
import { threat } from './threat.ts';

const ask = registryRuns({ get: async () => 'the-token' });
const kfpAt = (url: string): PolledRegistry =>
  registrySchema.parse({ kind: 'kfp', url, bearer: 'TOKEN', source: 'runs' }) as PolledRegistry;

describe('servers that Tocsin asks for runs', () => {
  threat('a server that is asked for models or runs answers without end, or sends the token elsewhere', async () => {
    const other = await standIn(() => ({ body: '{}' }));
    const answers = {
      elsewhere: { status: 307, headers: { Location: `${other.url}/` } },
      long: { body: 'x'.repeat(9 * 1024 * 1024) },
      pages: { body: JSON.stringify({ runs: [], next_page_token: 'more' }) },
    };
    let answer: keyof typeof answers = 'elsewhere';
    const server = await standIn(() => answers[answer]);
    try {
      await expect(ask(kfpAt(server.url), 0)).rejects.toThrow(/status 307/);
      expect(other.received).toEqual([]);
      answer = 'long';
      await expect(ask(kfpAt(server.url), 0)).rejects.toThrow(/longer than 8 MB/);
      server.received.length = 0;
      answer = 'pages';
      expect(await ask(kfpAt(server.url), 0)).toEqual([]);
      expect(server.received).toHaveLength(mostRuns / 100);
    } finally {
      await server.close();
      await other.close();
    }
  });
});
