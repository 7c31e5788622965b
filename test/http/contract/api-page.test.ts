import { expect, it } from 'vitest';
import { apiReference } from '../../../http/openapi/markdown.ts';
import { document, operations, webhooks } from './held-to-document.ts';

const page = apiReference(document);
/** As GitHub makes the anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

it('every link leads to a heading of its own', () => {
  const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, link = '']) => link);
  expect(links.length).toBeGreaterThan(100);
  expect(links.filter((link) => headings.filter((heading) => heading === link).length !== 1)).toEqual([]);
});

it.each(operations)('$title is on the page, with an example to copy', ({ title }) => {
  const section = page.split(`\n### ${title}\n`)[1]?.split('\n### ')[0] ?? '';
  expect(section).toContain('```sh\ncurl ');
  // Names in the path have the value of their example.
  expect(section).not.toMatch(/curl [^\n]*\{/);
});

it('webhooks are on the page, with a body', () => {
  for (const { path } of webhooks) expect(page).toMatch(new RegExp(`### ${path} webhook\\n[\\s\\S]*?\`\`\`json`));
});
