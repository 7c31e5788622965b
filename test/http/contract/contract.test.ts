import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, it } from 'vitest';
import { responses } from '../../../core/response/incidents/respond.ts';
import { openApiDocument } from '../../../http/openapi/document.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { siteOf } from '../site.ts';
import { callOf } from './calls.ts';
import { checkAnswer, document, faultsOf, type Known, operations, webhooks } from './held-to-document.ts';
import { slow } from './house.ts';
import { inCommon, provoked } from './provoked.ts';
import { expectDocumented } from './sent.ts';

it('the document follows the rules of OpenAPI 3.1', async () => {
  const published = JSON.parse(JSON.stringify(openApiDocument('0.0.0'))) as Record<string, unknown>;
  expect(await new Validator().validate(published)).toEqual({ valid: true });
});

it('the document is served as it is made from the schemas, to whoever asks', async () => {
  const site = siteOf({ access: 'public' });
  expect(await (await site.get('/openapi.json')).json()).toEqual(
    JSON.parse(JSON.stringify(openApiDocument(packageJson.version))),
  );
});

it('every address of the application is documented, but for the pages', () => {
  const signing = ['/signin', '/signout', '/link/:token', '/a/:token', '/c/:token'];
  const pages = [
    ...signing,
    '/',
    '/style.css',
    '/incidents/:id',
    '/incidents/:id/chart.svg',
    ...responses.map((response) => `/incidents/:id/${response}`),
    '/incidents/:id/note',
    '/runbooks/:name',
  ];
  const routes = siteOf().app.routes.filter(({ method }) => method !== 'ALL');
  const undocumented = routes.filter(({ method, path }) => {
    const pattern = new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`);
    return !operations.some((one) => one.method.toUpperCase() === method && pattern.test(one.path));
  });
  expect([...new Set(undocumented.map(({ path }) => path))].sort()).toEqual(pages.sort());
});

it('a call that is no longer documented is provoked by nobody', () => {
  const documented = operations.map(
    ({ operation: { operationId, responses } }) => [operationId, Object.keys(responses)] as const,
  );
  for (const [id, ways] of Object.entries(provoked)) {
    const known = documented.find(([operationId]) => operationId === id)?.[1] ?? [];
    expect(Object.keys(ways).filter((status) => !known.includes(status))).toEqual([]);
  }
});

it('the example of a page in docs/webhooks.md is as the document has it', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/webhooks.md'), 'utf8');
  const pages = [...text.matchAll(/```json\n([\s\S]*?)```/g)]
    .map(([, json = '']) => json)
    .filter((json) => json.includes('"kind": "page"'));
  expect(pages).toHaveLength(1);
  for (const page of pages) expectDocumented('page', page);
});

const statuses = operations.flatMap((known) => Object.keys(known.operation.responses).map((status) => ({ ...known, status })));

async function provoke(known: Known, status: string): Promise<Response | undefined> {
  const own = provoked[known.operation.operationId]?.[status];
  if (own !== undefined) return own(known);
  if (status === '304') return provoke({ ...known, again: true }, '200');
  if (status === '429') {
    const site = siteOf(slow);
    const headers = { Authorization: 'Bearer k' };
    await callOf(site, known, { headers });
    return callOf(site, known, { headers });
  }
  return inCommon[status]?.(known);
}

it.each(statuses)('$title answers $status, as the document has it', async ({ status, ...known }) => {
  // The site holds each answer to the document by itself.
  const answer = await provoke(known, status);
  expect(answer?.status).toBe(Number(status));
});

it.each([...operations, ...webhooks])('the examples of $title are what their schemas say', ({ operation }) => {
  const bodies = [operation.requestBody?.content ?? {}];
  for (const response of Object.values(operation.responses)) {
    const { content = {} } = '$ref' in response ? { content: {} } : response;
    bodies.push(content);
  }
  for (const content of bodies) {
    for (const { schema, example } of Object.values(content)) {
      expect(example).toBeDefined();
      expect(faultsOf(schema, example)).toBe('');
    }
  }
});

it('the examples of answers that are alike are what their schemas say', () => {
  for (const { content = {} } of Object.values(document.components.responses)) {
    for (const { schema, example } of Object.values(content)) expect(faultsOf(schema, example)).toBe('');
  }
});

const tagged = { headers: { ETag: 'W/"1"' } };

it.each([
  [
    'a status that is not documented',
    'GET',
    '/api/silences',
    Response.json({ error: 'x' }, { status: 418 }),
    /names no such status/,
  ],
  [
    'a field that is not documented',
    'GET',
    '/api/silences',
    Response.json({ at: '2026-01-05T09:00:00.000Z', silences: [], more: 1 }, tagged),
    /must NOT have additional properties/,
  ],
  ['a time that is a number', 'GET', '/api/silences', Response.json({ at: 1, silences: [] }, tagged), /must be string/],
  [
    'a time in the tag',
    'GET',
    '/api/silences',
    Response.json({ silences: [], at: '2026-01-05T09:00:00.000Z' }, tagged),
    /does not come first/,
  ],
  ['an answer without its tag', 'GET', '/api/silences', Response.json({ silences: [] }), /ETag is missing/],
  ['another body where there may be none', 'POST', '/api/v2/alerts', Response.json({}), /required property 'accepted'/],
  ['another content type', 'GET', '/healthz', new Response('well'), /expected application\/json; received text\/plain/],
  ['a header that is missing', 'POST', '/v1/samples', Response.json({ error: 'x' }, { status: 429 }), /Retry-After is missing/],
  ['a call that is not documented', 'GET', '/api/more', Response.json({}), /no such call is documented/],
])('notices %s', async (_, method, path, answer, why) => {
  await expect(checkAnswer(method, path, answer)).rejects.toThrow(why);
});
