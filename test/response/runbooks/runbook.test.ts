import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceFailingRunbook } from '../../../core/config/references.ts';
import { parseRunbook } from '../../../core/response/runbooks/runbook.ts';

describe('a runbook', () => {
  test('is front matter and Markdown', () => {
    const text = '---\ntitle: Too slow\nsummary: It is slow.\ncategories: [latency]\n---\n\n## Steps\n\n---\n\n1. Look\n';
    expect(parseRunbook('slow', text)).toEqual({
      ok: true,
      runbook: {
        name: 'slow',
        title: 'Too slow',
        summary: 'It is slow.',
        categories: ['latency'],
        markdown: '## Steps\n\n---\n\n1. Look\n',
      },
    });
  });

  test('needs no more than a title, and may come from Windows', () => {
    expect(parseRunbook('a', '\uFEFF---\r\ntitle: A\r\n---\r\nLook.\r\n')).toEqual({
      ok: true,
      runbook: { name: 'a', title: 'A', markdown: 'Look.\r\n' },
    });
  });

  test.each([
    ['no front matter', '## Steps\n', 'expected front matter at the start: a line of ---, `title: ...`, a line of ---'],
    [
      'front matter without an end',
      '---\ntitle: A\n',
      'expected front matter at the start: a line of ---, `title: ...`, a line of ---',
    ],
    [
      'a rule that is no front matter',
      '----\ntitle: A\n---\nx\n---\n',
      'expected front matter at the start: a line of ---, `title: ...`, a line of ---',
    ],
    ['no title', '---\nsummary: x\n---\nLook.\n', 'title: expected a text'],
    ['an empty title', '---\ntitle: ""\n---\nLook.\n', 'title: expected something; received nothing'],
    ['an empty front matter', '---\n---\nLook.\n', 'title: expected a text'],
    ['a list as front matter', '---\n- a\n---\nLook.\n', 'front matter: expected a mapping'],
    [
      'an unknown key',
      '---\ntitle: A\nowner: me\n---\nLook.\n',
      'front matter: expected only title, summary and categories; received "owner"',
    ],
    [
      'an unknown category',
      '---\ntitle: A\ncategories: [perf]\n---\nLook.\n',
      'categories.0: expected one of data-quality, drift, performance, latency, availability, resource, pipeline',
    ],
    ['broken YAML', '---\ntitle: A\nsummary: "x\n---\nLook.\n', expect.stringMatching(/^line \d+: /)],
    ['no steps', '---\ntitle: A\n---\n\n\n', 'expected steps below the front matter; received nothing'],
  ])('with %s is refused with what was expected', (_, text, error) => {
    const parsed = parseRunbook('a', text);
    expect(parsed.ok ? undefined : parsed.error.replace('runbook "a": ', '')).toEqual(error);
  });

  test('has a name that fits into an address', () => {
    for (const name of ['../secret', 'a b', '', 'x'.repeat(64), '.hidden']) {
      expect(parseRunbook(name, '---\ntitle: A\n---\nLook.\n')).toMatchObject({ ok: false });
    }
  });

  test('of any text at all has an answer', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (head, body) => {
        const parsed = parseRunbook('a', `---\n${head}\n---\n${body}`);
        expect((parsed.ok ? parsed.runbook.title : parsed.error).length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the runbooks that come with Tocsin', () => {
  const folder = join(import.meta.dirname, '../../../runbooks');
  const files = readdirSync(folder).filter((name) => name.endsWith('.md'));

  test('are there for the usual failures, and for rules that fail themselves', () => {
    const usual = ['accuracy-drop', 'feature-drift', 'null-spike', 'latency-spike', 'schema-violation', 'rollback-failed'];
    expect(files.map((file) => file.slice(0, -3))).toEqual(expect.arrayContaining([...usual, sourceFailingRunbook]));
  });

  test.each(files)('%s says what one sees, looks at and does, whether to roll back, and when it is over', (file) => {
    const parsed = parseRunbook(file.slice(0, -3), readFileSync(join(folder, file), 'utf8'));
    if (!parsed.ok) throw new Error(parsed.error);
    const { markdown, summary, categories } = parsed.runbook;
    expect(summary).toBeDefined();
    expect(categories).not.toHaveLength(0);
    for (const heading of ['## What you see', '## First five minutes', '## It is over when']) expect(markdown).toContain(heading);
    expect(markdown).toMatch(/^```(sql|bash)$/m);
    expect(markdown).toMatch(/roll(s|ed|ing)? ?back/i);
    expect(markdown.match(/```/g)?.length ?? 0).toSatisfy((fences: number) => fences % 2 === 0);
  });

  test('refer only to runbooks that exist', () => {
    for (const file of files) {
      const text = readFileSync(join(folder, file), 'utf8');
      for (const [, name] of text.matchAll(/[Ff]ollow `([a-z-]+)`|, see `([a-z-]+)`/g)) {
        if (name !== undefined) expect(files, `${file} refers to ${name}`).toContain(`${name}.md`);
      }
    }
  });
});
