import { exampleOf, jsonBlock } from './markdown-example.ts';
import { anchorOf, isRef, schemaLink } from './markdown-links.ts';
import { schemaTables } from './markdown-schemas.ts';
import type { Document, Operation, Parameter, Response } from './shape.ts';

const intro = [
  '# The API',
  '',
  '<!-- Generated from http/openapi by `npm run generate`; edit the schemas there instead. -->',
  '',
];

/** The OpenAPI document as a page to read (docs/api.md). */
export function apiReference(document: Document): string {
  const lines = [...intro, document.info.description, '', 'The same as OpenAPI 3.1 is at `/openapi.json`, and in'];
  lines.push('[http/openapi/openapi.json](../http/openapi/openapi.json).', '');
  const parts = document.tags.map(({ name }) => `[${name}](#${anchorOf(name)})`);
  lines.push(`${parts.join(', ')}; [answers that are alike](#answers-that-are-alike), [schemas](#schemas).`);
  lines.push('', '## Access', '');
  const schemes = Object.entries(document.components.securitySchemes);
  lines.push(...schemes.map(([name, { description: text }]) => `- \`${name}\`: ${text}`));
  for (const { name, description } of document.tags) {
    lines.push('', `## ${name}`, '', description);
    for (const { title, operation } of operationsOf(document)) {
      if (operation.tags[0] === name) lines.push(...operationLines(document, title, operation));
    }
  }
  lines.push('', '## Answers that are alike', ...sharedLines(document), '', '## Schemas');
  lines.push(...schemaTables(document.components.schemas));
  return `${lines.join('\n')}\n`;
}

type Titled = { title: string; operation: Operation };

/** `POST /v1/samples`, or `page webhook` of what goes the other way. */
function operationsOf({ paths, webhooks }: Document): Titled[] {
  const each = (all: Document['paths'], titleOf: (path: string, method: string) => string): Titled[] =>
    Object.entries(all).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ title: titleOf(path, method), operation })),
    );
  return [...each(paths, (path, method) => `${method.toUpperCase()} ${path}`), ...each(webhooks, (name) => `${name} webhook`)];
}

function operationLines(document: Document, title: string, operation: Operation): string[] {
  const { summary, description, parameters = [], requestBody, responses } = operation;
  const lines = [
    '',
    `### ${title}`,
    '',
    `${summary}.${description === undefined ? '' : ` ${description}`}`,
    '',
    limitsOf(operation),
  ];
  if (parameters.length > 0) lines.push('', '| parameter | in | |', '| --- | --- | --- |', ...parameters.map(parameterRow));
  for (const [type, { schema }] of Object.entries(requestBody?.content ?? {})) {
    const what = schema.$ref === undefined ? schema.description : `${schemaLink(schema)}.`;
    lines.push('', `Body, \`${type}\`${requestBody?.required === true ? '' : ', may be left out'}: ${what}`);
  }
  lines.push(...exampleOf(document, title, operation));
  lines.push('', '| status | meaning | body |', '| --- | --- | --- |');
  const own = Object.entries(responses).filter((one): one is [string, Response] => !isRef(one[1]));
  for (const [status, response] of own) lines.push(answerRow(status, response));
  const alike = Object.entries(responses).flatMap(([status, response]) => (isRef(response) ? [[status, response] as const] : []));
  const links = alike.map(([status, { $ref }]) => `[${status}](#${anchorOf($ref.split('/').at(-1) ?? '')}-answer)`);
  return [...lines, ...(links.length === 0 ? [] : ['', `And answers that are alike everywhere: ${links.join(', ')}.`])];
}

function limitsOf({ security, 'x-max-body-bytes': bytes, 'x-called-by': caller }: Operation): string {
  const names = security.flatMap((one) => Object.keys(one));
  const access = names.length === 0 ? 'Open to whoever has the address.' : `Access: \`${names.join('`, `')}\`.`;
  const by = caller === undefined ? '' : ` Called by ${caller} alone.`;
  return `${access}${by}${bytes === undefined ? '' : ` Bodies of up to ${bytes.toLocaleString('en')} bytes.`}`;
}

function parameterRow({ name, in: where, required, description = '', schema }: Parameter): string {
  const values = schema.enum === undefined ? '' : ` One of ${schema.enum.map((one) => `\`${one}\``).join(', ')}.`;
  const range = schema.minimum === undefined ? '' : ` From ${schema.minimum} to ${schema.maximum}.`;
  const byDefault = schema.default === undefined ? '' : ` \`${schema.default}\` when left out.`;
  const text = `${required === true ? '*required* ' : ''}${description}${values}${range}${byDefault}`;
  return `| \`${name}\` | ${where} | ${text.trim()} |`;
}

function answerRow(status: string, { description, content }: Response): string {
  const [type] = Object.values(content ?? {});
  return `| ${status} | ${description} | ${type === undefined ? 'empty' : schemaLink(type.schema)} |`;
}

function sharedLines({ components: { responses } }: Document): string[] {
  return Object.entries(responses).flatMap(([name, { description, headers = {}, content = {} }]) => {
    const names = Object.keys(headers);
    const example = Object.values(content)[0]?.example;
    const told = `${description}${names.length === 0 ? '' : ` With \`${names.join('`, `')}\`.`}`;
    return ['', `### ${name} answer`, '', told, ...(example === undefined ? [] : jsonBlock(example))];
  });
}
