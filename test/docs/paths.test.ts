import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const pagesIn = (folder: string) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const pages = ['README.md', 'CONTRIBUTING.md', 'docs/adr/README.md', ...pagesIn('docs'), ...pagesIn('docs/examples')];

/** What a service that was started here keeps is no part of the repository. */
const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== '.tocsin')
  .map(({ name }) => name);
const looksLikeOurs = new RegExp(`^(${folders.join('|').replaceAll('.', '[.]')})/[\\w./*{},-]*$`);

/** Files that a page tells its reader to make. */
const madeByTheReader = new Set(['config/churn.yaml']);

/** `such as \`pager\`` introduces something made up; only the folder of its files is there. */
function madeUpIn(text: string): string[] {
  return ['NAME', ...[...text.matchAll(/such as `([\w-]+)`/g)].map(([, name]) => name ?? '')];
}

function pathsIn(text: string): string[] {
  return [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)]
    .map(([, code]) => code ?? '')
    .filter((code) => looksLikeOurs.test(code) && !madeByTheReader.has(code));
}

function linksIn(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '').filter((target) => !/^[a-z]+:/.test(target));
}

/** Headings as GitHub names them in a link. */
const anchorsOf = (text: string) =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    (heading ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const isThere = (path: string) =>
  path.includes('*') || path.includes('{') ? globSync(path, { cwd: root }).length > 0 : existsSync(join(root, path));

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8');

  it('names files and folders that are there', () => {
    const madeUp = madeUpIn(text);
    const shortened = pathsIn(text).map((path) => {
      const parts = path.split('/');
      const first = parts.findIndex((part) => madeUp.includes(part.replace(/[.]\w+$/, '')));
      return first < 0 ? path : parts.slice(0, first).join('/');
    });
    expect(shortened.filter((path) => !isThere(path))).toEqual([]);
  });

  it('links to pages and headings that are there', () => {
    const dead = linksIn(text).filter((link) => {
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? join(root, page) : join(root, dirname(page), path);
      if (!existsSync(file)) return true;
      return anchor !== undefined && file.endsWith('.md') && !anchorsOf(readFileSync(file, 'utf8')).includes(anchor);
    });
    expect(dead).toEqual([]);
  });
});
