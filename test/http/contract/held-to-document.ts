import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Hono } from 'hono';
import { openApiDocument } from '../../../http/openapi/document.ts';
import { responseOf } from '../../../http/openapi/markdown-links.ts';
import type { Content, Document, Response as Documented, Operation } from '../../../http/openapi/shape.ts';

/** Closed, so that a field that nobody documented is found. */
export const document = JSON.parse(JSON.stringify(openApiDocument('0.0.0', { closed: true }))) as Document;

/** For people, and no part of the document. */
const isPage = (path: string): boolean =>
  /^\/($|style\.css$|incidents\/|runbooks\/|signin|signout$|link\/|a\/|c\/|console\/|manifest\.webmanifest$|worker(\.js)?$)/.test(
    path,
  );

const ajv = new Ajv2020({ strict: false, allErrors: true });
// The default export is the function only for CommonJS.
(addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
ajv.addSchema({ $id: 'tocsin', components: document.components });
const validators = new Map<object, ValidateFunction>();

/** What is wrong with a value by a schema of the document; empty when nothing is. */
export function faultsOf(schema: object, value: unknown): string {
  let validate = validators.get(schema);
  if (validate === undefined) {
    const absolute: object = JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"tocsin#/components'));
    validate = ajv.compile(absolute);
    validators.set(schema, validate);
  }
  return validate(value) ? '' : ajv.errorsText(validate.errors, { separator: '\n' });
}

export type Known = {
  title: string;
  path: string;
  method: string;
  operation: Operation;
  /** The call is made again by a client that has its answer. */
  again?: boolean;
};

const knownIn = (paths: Document['paths']): Known[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ title: `${method.toUpperCase()} ${path}`, path, method, operation })),
  );

/** What Tocsin calls itself. */
export const webhooks = knownIn(document.webhooks);

/** Every call that is documented; addresses with a name in them come after those without. */
export const operations = knownIn(document.paths).sort((a, b) => a.path.split('{').length - b.path.split('{').length);

const matches = (template: string, path: string): boolean => {
  const [wanted, given] = [template.split('/'), path.split('/')];
  return wanted.length === given.length && wanted.every((part, i) => part.startsWith('{') || part === given[i]);
};

/** Any path may end in a slash. */
const withoutSlash = (path: string): string => path.replace(/(?<=.)\/$/, '');

export const operationAt = (method: string, path: string): Known | undefined =>
  operations.find((one) => one.method === method.toLowerCase() && matches(one.path, withoutSlash(path)));

/** Throws, naming the call, where an answer is not as the document has it. */
export async function checkAnswer(method: string, path: string, response: Response): Promise<void> {
  const { status } = response;
  const known = operationAt(method === 'HEAD' ? 'GET' : method, path);
  const no = (what: string): never => {
    throw new Error(`${method} ${path} answered ${status}: ${what}`);
  };
  if (known === undefined) {
    if (isPage(withoutSlash(path))) return;
    if (status < 400) no('no such call is documented');
    if (method === 'HEAD') return;
    const faults = faultsOf({ $ref: '#/components/schemas/Error' }, await response.json());
    if (faults !== '') no(faults);
    return;
  }
  const documented = known.operation.responses[status];
  if (documented === undefined) return no('the document names no such status');
  const expected = responseOf(document, documented);
  for (const [name, header] of Object.entries(expected.headers ?? {})) {
    if ((header as { required?: boolean }).required === true && !response.headers.has(name)) no(`the header ${name} is missing`);
  }
  if (method === 'HEAD') return;
  const text = await response.text();
  const faults = faultsOfBody(expected, response.headers, text);
  if (faults !== '') no(faults);
  // What is tagged is the rest: http/api/entity-tag.ts.
  if ('ETag' in (expected.headers ?? {}) && text.startsWith('{') && 'at' in JSON.parse(text) && !text.startsWith('{"at":'))
    no('its time `at` does not come first');
}

function faultsOfBody(documented: Documented, headers: Headers, text: string): string {
  const { content } = documented;
  if (text === '' && documented['x-may-be-empty'] === true) return '';
  if (content === undefined) return text === '' ? '' : `expected an empty body; received ${text.slice(0, 200)}`;
  const type = (headers.get('content-type') ?? '').split(';')[0] ?? '';
  const schema = (content as Content)[type]?.schema;
  if (schema === undefined) return `expected ${Object.keys(content).join(' or ')}; received ${type}`;
  if (type === 'text/event-stream') return faultsOfEvents(schema, text);
  return faultsOf(schema, type === 'application/json' ? JSON.parse(text) : text);
}

/** The document describes what each event says. */
function faultsOfEvents(schema: object, text: string): string {
  const said = text.split('\n').filter((line) => line.startsWith('data: '));
  return said.map((line) => faultsOf(schema, JSON.parse(line.slice('data: '.length)))).join('');
}

/** Throws if a body was accepted whole that the document does not allow. */
async function checkTaken(method: string, path: string, body: string, response: Response): Promise<void> {
  const schema = operationAt(method, path)?.operation.requestBody?.content['application/json']?.schema;
  if (response.status !== 200 || schema === undefined || body.trim() === '') return;
  const answer = (await response.json().catch(() => ({}))) as { rejected?: number };
  const sent = jsonOrLines(body);
  if ((answer.rejected ?? 0) > 0 || sent === undefined) return;
  const faults = faultsOf(schema, sent);
  if (faults !== '')
    throw new Error(`${method} ${path} took a body that the document does not allow: ${faults}; ${body.slice(0, 500)}`);
}

/**
 * Undefined for NDJSON, whose lines the document does not describe. Readers ignore `__proto__`,
 * whatever it holds.
 */
function jsonOrLines(text: string): unknown {
  try {
    return JSON.parse(text, (name, value: unknown) => (name === '__proto__' ? undefined : value));
  } catch {
    return undefined;
  }
}

/** The document describes what is sent before it is compressed. */
const decoded = (response: Response): Response =>
  response.headers.get('Content-Encoding') === 'gzip'
    ? new Response(response.body?.pipeThrough(new DecompressionStream('gzip')), response)
    : response;

/** The same application, each of whose answers is held to the document. */
export function heldToDocument(app: Hono): Hono {
  const request = async (...args: Parameters<Hono['request']>): Promise<Response> => {
    const response = await app.request(...args);
    const [target, init] = args;
    const url = target instanceof Request ? target.url : String(target);
    const method = target instanceof Request ? target.method : (init?.method ?? 'GET');
    const { pathname } = new URL(url, 'http://localhost');
    await checkAnswer(method, pathname, decoded(response.clone()));
    if (typeof init?.body === 'string') await checkTaken(method, pathname, init.body, response.clone());
    return response;
  };
  return new Proxy(app, { get: (of, name) => (name === 'request' ? request : Reflect.get(of, name, of)) });
}
