import type { Operation, Parameter } from '../../../http/openapi/shape.ts';
import { mlflowHeaders } from '../mlflow-headers.ts';
import type { Site } from '../site.ts';
import type { Known } from './held-to-document.ts';

export type Call = {
  /** In place of the examples of parameters in the path. */
  path?: Record<string, string>;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  /** In place of the example of the body. */
  body?: unknown;
};

/** The documented call, with the examples of the document where nothing else is said. */
export async function callOf(site: Site, known: Known, call: Call = {}): Promise<Response> {
  const { method, path, operation } = known;
  if (known.again === true) {
    const first = await callOf(site, { ...known, again: false }, call);
    const headers = { ...call.headers, 'If-None-Match': first.headers.get('ETag') ?? '' };
    return callOf(site, { ...known, again: false }, { ...call, headers });
  }
  const { parameters = [] } = operation;
  const inPath = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(call.path?.[name] ?? exampleIn(parameters, name)),
  );
  const required = parameters.filter((one) => one.in === 'query' && one.required === true);
  const query = new URLSearchParams(
    call.query ?? Object.fromEntries(required.map(({ name }) => [name, exampleIn(parameters, name)])),
  );
  const [type = '', content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const { text, headers } = bodyOf(operation, type, 'body' in call ? call.body : content?.example);
  const address = `${inPath}${query.size === 0 ? '' : `?${query}`}`;
  if (operation.security.some((one) => 'slackSignature' in one) && call.headers === undefined)
    return site.slack(address, Object.fromEntries(new URLSearchParams(text)));
  const signed = operation.security.some((one) => 'mlflowSignature' in one) ? mlflowHeaders('mlflow', text) : {};
  const sent = { ...headers, ...signed, ...call.headers };
  return site.app.request(address, { method: method.toUpperCase(), headers: sent, ...(method === 'get' ? {} : { body: text }) });
}

const exampleIn = (parameters: readonly Parameter[], name: string): string =>
  String(parameters.find((one) => one.name === name)?.schema.examples?.[0] ?? name);

function bodyOf({ requestBody }: Operation, type: string, body: unknown): { text: string; headers: Record<string, string> } {
  if (requestBody === undefined || body === undefined) return { text: '', headers: {} };
  const text =
    typeof body === 'string'
      ? body
      : type === 'application/x-www-form-urlencoded'
        ? new URLSearchParams(body as Record<string, string>).toString()
        : JSON.stringify(body);
  return { text, headers: { 'Content-Type': type } };
}
