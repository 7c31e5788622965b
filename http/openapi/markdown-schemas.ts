import { schemaLink } from './markdown-links.ts';
import type { Schema } from './shape.ts';

/** One section a schema: its fields, or what it is one of. */
export function schemaTables(schemas: Record<string, Schema>): string[] {
  return Object.entries(schemas)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, schema]) => ['', `### ${name}`, '', ...linesOf(schema)]);
}

function linesOf(schema: Schema): string[] {
  const head = schema.description === undefined ? [] : [schema.description];
  const variants = schema.oneOf ?? schema.anyOf;
  if (schema.properties !== undefined) return [...head, ...(head.length > 0 ? [''] : []), ...tableOf(schema)];
  if (variants === undefined) return [...head, ...(head.length > 0 ? [''] : []), `${typeOf(schema)}.`];
  const named = variants.filter(({ properties }) => properties === undefined).map(typeOf);
  const lines = named.length === 0 ? head : [...head, ...(head.length > 0 ? [''] : []), `One of: ${named.join('; ')}.`];
  for (const variant of variants) {
    if (variant.properties === undefined) continue;
    const kind = variant.properties['kind']?.const;
    lines.push('', ...(kind === undefined ? [] : [`\`kind: ${kind}\``, '']), ...tableOf(variant));
  }
  return lines;
}

function tableOf(schema: Schema): string[] {
  return ['| field | type | |', '| --- | --- | --- |', ...rowsOf(schema, '')];
}

/** Fields of objects that have no name of their own follow with dots. */
function rowsOf({ properties = {}, required = [] }: Schema, prefix: string): string[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const standing = required.includes(name) ? '' : '*may be absent* ';
    const text = `${standing}${field.description ?? ''}`.replaceAll('|', '\\|').trim();
    const within = field.properties === undefined ? field.items : field;
    const rows = within?.properties === undefined ? [] : rowsOf(within, `${prefix}${name}${within === field ? '' : '[]'}.`);
    return [`| \`${prefix}${name}\` | ${typeOf(field)} | ${text} |`, ...rows];
  });
}

function typeOf(schema: Schema): string {
  const variants = schema.anyOf ?? schema.oneOf;
  if (schema.$ref !== undefined) return schemaLink({ $ref: schema.$ref });
  if (variants !== undefined) return [...new Set(variants.map(typeOf))].join(' or ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((one) => `\`${one}\``).join(', ');
  if (schema.type === 'array') {
    const most = schema.maxItems === undefined ? '' : `up to ${schema.maxItems.toLocaleString('en')} `;
    return `list of ${most}${typeOf(schema.items ?? {})}`;
  }
  if (schema.type === 'object') {
    const values = schema.additionalProperties;
    return schema.properties === undefined && typeof values === 'object' ? `object of ${typeOf(values)}` : 'object';
  }
  if (schema.type === 'string') return schema.maxLength === undefined ? 'text' : `text of up to ${schema.maxLength} characters`;
  if (schema.type === 'integer') return 'whole number';
  if (Array.isArray(schema.type)) return schema.type.join(' or ');
  return schema.type ?? 'anything';
}
