import { configJsonSchema, type JsonSchema } from './json-schema.ts';

/** The reference of every config key in Markdown (docs/config.md), generated from the schema. */
export function configReference(): string {
  const schema = configJsonSchema();
  const sections = Object.entries(schema.properties ?? {});
  const lines = [
    '# The config, key by key',
    '',
    '<!-- Generated from core/config/schema.ts by `npm run generate`; edit that file instead. -->',
    '',
    'A config is the YAML files of one folder, by default `config/`. Their top-level sections are merged: each section may be in',
    'any file, or split over several; a name may be defined once. `tocsin check` reports every error with file, line and',
    'column. With the first line `# yaml-language-server: $schema=./tocsin.schema.json`, editors complete keys and show these',
    'descriptions.',
    '',
    '- A **duration** is one or more numbers with units: `90s`, `5m`, `1h30m`, `7d` (ms, s, m, h, d, w).',
    '- A **percentage** is `5%` or the fraction `0.05`.',
    '- A **name** has letters, digits, `.`, `_` and `-`, up to 63 characters. Upper-case words below, such as `NAME`, are names',
    '  of your own; `[]` means each item of a list.',
    '- A **secret** is always named, never written out: an environment variable on one machine, a Secrets Manager entry on AWS.',
    '- A key that has no default and is not marked *required* is optional.',
    '',
    `Sections: ${sections.map(([name]) => `[${name}](#${name.toLowerCase()})`).join(', ')}.`,
  ];
  for (const [name, section] of sections) {
    lines.push('', `## ${name}`, '', section.description ?? '');
    const item = section.properties === undefined ? (section.items ?? valuesOf(section) ?? section) : section;
    const prefix = section.properties === undefined ? `${name}${section.items === undefined ? '.NAME' : '[]'}.` : `${name}.`;
    for (const variant of item.oneOf ?? [item]) {
      const kind = variant.properties?.['kind']?.const;
      if (kind !== undefined) lines.push('', `### kind: ${kind}`);
      lines.push('', `Keys of \`${prefix.slice(0, -1)}\`:`, '', '| key | type | default | |', '|---|---|---|---|');
      lines.push(...rowsOf(variant, ''));
    }
  }
  return `${lines.join('\n')}\n`;
}

/** One row per key; nested keys follow with dots. */
function rowsOf(schema: JsonSchema, prefix: string): string[] {
  const shapes = new Map<string, string>();
  return Object.entries(schema.properties ?? {}).flatMap(([name, value]) => {
    const key = `${prefix}${name}`;
    const standing = schema.required?.includes(name) ? '*required*' : value.default === undefined ? '' : code(value.default);
    const within = rowsWithin(value, '');
    const same = within.length === 0 ? undefined : shapes.get(within.join());
    if (same === undefined) shapes.set(within.join(), key);
    const text = `${(value.description ?? '').replaceAll('|', '\\|')}${same === undefined ? '' : ` Keys as in \`${same}\`.`}`;
    const row = `| \`${key}\` | ${typeOf(value)} | ${standing} | ${text} |`;
    return [row, ...(same === undefined ? rowsWithin(value, key) : [])];
  });
}

function rowsWithin(value: JsonSchema, key: string): string[] {
  if (value.properties !== undefined) return rowsOf(value, `${key}.`);
  if (value.items?.properties !== undefined) return rowsOf(value.items, `${key}[].`);
  const values = valuesOf(value);
  return values?.properties === undefined ? [] : rowsOf(values, `${key}.NAME.`);
}

function typeOf(schema: JsonSchema): string {
  if (schema.title !== undefined) return schema.title;
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
  switch (schema.type) {
    case 'string':
      return 'text';
    case 'boolean':
      return '`true`, `false`';
    case 'integer':
      return `whole number${rangeOf(schema)}`;
    case 'number':
      return `number${rangeOf(schema)}`;
    case 'array':
      return `list of: ${typeOf(schema.items ?? {})}`;
    case 'object': {
      const values = valuesOf(schema);
      return values === undefined || values.properties !== undefined ? 'mapping' : `mapping to: ${typeOf(values)}`;
    }
    default:
      return (schema.anyOf ?? []).map(typeOf).join(' or ');
  }
}

function rangeOf({ minimum, maximum }: JsonSchema): string {
  const upper = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  const lower = minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum;
  if (lower === undefined) return upper === undefined ? '' : ` up to ${upper}`;
  return upper === undefined ? ` from ${lower}` : ` from ${lower} to ${upper}`;
}

const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

const valuesOf = (schema: JsonSchema): JsonSchema | undefined =>
  typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
