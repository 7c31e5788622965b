import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { run } from '../../cloud/run.ts';
import { standIn } from '../../contract/stand-in.ts';
import { threat } from './threat.ts';

const secret = 'key-of-a-model';

/** Hands over a few labels, and says what became of them. */
const program = `
import sys, tocsin
for n in range(3):
    tocsin.label(n, 1, source=f"s{n}")
print(tocsin.flush(20), tocsin.stats().dropped)
`;

describe('programs that send', () => {
  threat('whoever answers in the place of Tocsin makes a client give its key away, or its log repeat it', async () => {
    const elsewhere = await standIn(() => ({}));
    const impostor = await standIn(({ path }) => {
      if (path.endsWith('s0')) return { status: 307, headers: { Location: `${elsewhere.url}/v1/labels` } };
      // In a log this would be a line of its own, and of the colour that it likes.
      const error = `\n\u001b[31m${secret}\n${'x'.repeat(100_000)}`;
      return path.endsWith('s1')
        ? { status: 422, body: JSON.stringify({ error }) }
        : { status: 400, body: 'x'.repeat(3_000_000) };
    });
    try {
      const env = {
        PATH: process.env['PATH'],
        PYTHONPATH: join(import.meta.dirname, '../../../clients/python/src'),
        PYTHONDONTWRITEBYTECODE: '1',
        TOCSIN_INGEST_URL: impostor.url,
        TOCSIN_INGEST_KEY: secret,
      };
      const { status, output } = await run('python3', ['-c', program], { env });
      expect([status, output]).toEqual([0, expect.stringContaining("True {'refused': 3}")]);
      expect(impostor.received.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill(`Bearer ${secret}`));
      expect(elsewhere.received).toEqual([]);
      expect(output).not.toContain(secret);
      expect(output).not.toContain('\u001b');
      expect(output.split('\n').every((line) => line.length < 600)).toBe(true);
    } finally {
      await impostor.close();
      await elsewhere.close();
    }
  });
});
