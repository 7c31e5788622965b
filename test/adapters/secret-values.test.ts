import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { neededPem, neededSecret } from '../../adapters/secret-values.ts';

const holding = (value: string | undefined) => ({ get: async () => value });

it('gives the value of a secret without the blanks around it', async () => {
  expect(await neededSecret(holding(' a value\n'), 'TOKEN')).toBe('a value');
});

it.each([undefined, '', ' \n'])('names a secret whose value is %j', async (value) => {
  await expect(neededSecret(holding(value), 'TOKEN')).rejects.toThrow('the secret TOKEN has no value; set it where Tocsin runs');
});

it('takes PEM from the secret, or from the file that it names', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-pem-'));
  try {
    const path = join(folder, 'ca.pem');
    writeFileSync(path, 'of the file');
    expect(await neededPem(holding('of the secret'), 'CA')).toBe('of the secret');
    expect(await neededPem(holding(path), 'CA')).toBe('of the file');
    await expect(neededPem(holding(join(folder, 'none')), 'CA')).rejects.toThrow(
      /^the file that the secret CA names cannot be read: ENOENT$/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
