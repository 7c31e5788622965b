import { parseDocument } from 'yaml';
import * as z from 'zod';
import { categorySchema } from '../../vocabulary/schema-parts.ts';
import { shown } from '../../vocabulary/shown.ts';

const frontMatter = z.strictObject({
  title: z.string().min(1),
  summary: z.string().min(1).optional(),
  categories: z.array(categorySchema).min(1).optional(),
});

/** What to do about a kind of failure. Every page of the rules that name it links to it. */
export type Runbook = z.output<typeof frontMatter> & {
  /** The file name without `.md`; letters, digits, `.`, `_` and `-`. */
  name: string;
  /** The text below the front matter. */
  markdown: string;
};

export type ParsedRunbook = { ok: true; runbook: Runbook } | { ok: false; error: string };

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const frontMatterPattern = /^---[ \t]*\r?\n([\s\S]*?)^---[ \t]*(?:\r?\n|$)/m;

/**
 * Reads a runbook: YAML front matter between two `---` lines, then Markdown. `error` says what is
 * wrong and, if known, on which line.
 */
export function parseRunbook(name: string, text: string): ParsedRunbook {
  const fail = (error: string): ParsedRunbook => ({ ok: false, error: `runbook ${shown(name)}: ${error}` });
  if (!namePattern.test(name)) return fail('expected a name of letters, digits, ".", "_" and "-", up to 63 characters');
  const source = text.replace(/^\uFEFF/, '');
  const found = source.startsWith('---') ? frontMatterPattern.exec(source) : null;
  if (found === null || found.index > 0)
    return fail('expected front matter at the start: a line of ---, `title: ...`, a line of ---');

  const doc = parseDocument(found[1] ?? '', { prettyErrors: false, schema: 'core' });
  const broken = doc.errors[0] ?? doc.warnings[0];
  if (broken !== undefined) return fail(`line ${lineAt(source, found, broken.pos[0])}: ${broken.message}`);
  let value: unknown;
  try {
    value = doc.toJS({ maxAliasCount: 0 });
  } catch (error) {
    return fail(`front matter: ${(error as Error).message}`);
  }
  const parsed = frontMatter.safeParse(value ?? {});
  if (!parsed.success) return fail(issueText(parsed.error.issues[0]));

  const markdown = source.slice(found[0].length).replace(/^(\s*\n)+/, '');
  if (markdown.trim() === '') return fail('expected steps below the front matter; received nothing');
  return { ok: true, runbook: { name, ...parsed.data, markdown } };
}

function lineAt(source: string, found: RegExpExecArray, offset: number): number {
  const start = found[0].indexOf('\n') + 1;
  return source.slice(0, start + offset).split('\n').length;
}

function issueText(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return 'front matter: expected a title';
  if (issue.code === 'unrecognized_keys') {
    return `front matter: expected only title, summary and categories; received ${issue.keys.map(shown).join(', ')}`;
  }
  const key = issue.path.join('.') || 'front matter';
  if (issue.code === 'invalid_value') return `${key}: expected one of ${issue.values.join(', ')}`;
  if (issue.code === 'too_small') return `${key}: expected something; received nothing`;
  if (issue.code === 'invalid_type') return `${key}: expected ${kinds[issue.expected] ?? issue.expected}`;
  return `${key}: ${issue.message}`;
}

const kinds: Record<string, string> = { string: 'a text', array: 'a list', object: 'a mapping' };
