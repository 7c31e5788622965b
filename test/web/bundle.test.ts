import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { screenFolders } from '../../http/console/paths.ts';
import { buildConsole } from '../../scripts/build-console.ts';

const built = buildConsole();

it('the console is made of itself, pure functions of the core and its few libraries', () => {
  const strangers = built.sources.filter(
    (path) =>
      !/^(web|core\/charts|core\/vocabulary)\/|^http\/console\/(paths|asked-first)\.ts$|node_modules\/(@preact\/signals(-core)?|preact|preact-iso|marked)\//.test(
        path,
      ),
  );
  expect(strangers).toEqual([]);
});

it('the first view loads less than 65 kB of script, compressed', () => {
  const first = built.files.filter(({ name }) => built.first.includes(name));
  expect(first.length).toBeGreaterThan(0);
  expect(gzipSync(Buffer.concat(first.map(({ bytes }) => bytes)), { level: 9 }).length).toBeLessThan(65_000);
});

it('knows what each screen needs, so that the page that opens on it can name that', () => {
  const folders = new Set(Object.values(screenFolders));
  expect(new Set(Object.keys(built.screens))).toEqual(folders);
  for (const names of Object.values(built.screens)) {
    expect(names.length).toBeGreaterThan(0);
    expect(built.files.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  }
});

it('asks for few files before the first view: each is a request of its own', () => {
  for (const names of Object.values(built.screens))
    expect([built.script, ...built.parts, ...names].length).toBeLessThanOrEqual(7);
});
