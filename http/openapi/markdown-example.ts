import { responseOf } from './markdown-links.ts';
import type { Document, Operation } from './shape.ts';

/** A call as `curl` makes it, or what a webhook receives; and what is answered. */
export function exampleOf(document: Document, title: string, operation: Operation): string[] {
  const { requestBody, responses } = operation;
  const answer = responses['200'] === undefined ? undefined : responseOf(document, responses['200']);
  const answered = Object.values(answer?.content ?? {})[0]?.example;
  const [content] = Object.values(requestBody?.content ?? {});
  const sent = title.endsWith(' webhook') ? jsonBlock(content?.example) : callBlock(document, title, operation);
  return [...sent, ...(answered === undefined ? [] : jsonBlock(answered))];
}

export const jsonBlock = (example: unknown): string[] => {
  if (typeof example === 'string') return ['', '```', example, '```'];
  return ['', '```json', JSON.stringify(example, null, 2), '```'];
};

function callBlock(document: Document, title: string, { parameters = [], requestBody, security }: Operation): string[] {
  const [method = '', template = ''] = title.split(' ');
  const value = (name: string): string => String(parameters.find((one) => one.name === name)?.schema.examples?.[0] ?? name);
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => value(name));
  const query = parameters
    .filter(({ in: where, required }) => where === 'query' && required === true)
    .map(({ name }) => `${name}=${value(name)}`);
  const address = `${document.servers[0]?.url}${path}${query.length === 0 ? '' : `?${query.join('&')}`}`;
  const [type = '', content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const parts = [`curl${method === 'GET' ? '' : ` -X ${method}`} ${query.length === 0 ? address : `'${address}'`}`];
  if (security.some((one) => 'ingestKey' in one)) parts.push("-H 'Authorization: Bearer KEY'");
  if (security.some((one) => 'webPassword' in one)) parts.push('-u ana:PASSWORD');
  for (const { name, in: where, schema } of parameters)
    if (where === 'header' && schema.examples !== undefined) parts.push(`-H '${name}: ${schema.examples[0]}'`);
  if (content !== undefined) parts.push(`-H 'Content-Type: ${type}'`, dataOf(type, content.example));
  return ['', '```sh', parts.join(' \\\n  '), '```'];
}

function dataOf(type: string, example: unknown): string {
  if (type === 'application/json') return `-d '${JSON.stringify(example)}'`;
  return Object.entries(example as Record<string, string>)
    .map(([name, text]) => `--data-urlencode '${name}=${text}'`)
    .join(' \\\n  ');
}
