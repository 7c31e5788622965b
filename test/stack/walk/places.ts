import { intrinsicOf, type TemplateJson } from './resolve.ts';

/** A place in a template where one resource names another, or something outside by its ARN. */
export type Place = { id: string; type: string; path: string; value: unknown };

/** All of them, in the order of the template. A place in a list is written `Targets[].Arn`. */
export function placesOf(template: TemplateJson): Place[] {
  const ids = new Set(Object.keys(template.Resources));
  return Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) =>
    namesIn(Properties, '', ids).map(({ path, value }) => ({ id, type: Type, path, value })),
  );
}

function namesIn(value: unknown, path: string, ids: ReadonlySet<string>): { path: string; value: unknown }[] {
  if (typeof value === 'string') return value.startsWith('arn:') ? [{ path, value }] : [];
  if (value === null || typeof value !== 'object') return [];
  if (Array.isArray(value)) return value.flatMap((one) => namesIn(one, `${path}[]`, ids));
  if (intrinsicOf(value) !== undefined) return leadsElsewhere(value, ids) ? [{ path, value }] : [];
  return Object.entries(value).flatMap(([key, one]) => namesIn(one, path === '' ? key : `${path}.${key}`, ids));
}

/**
 * Whether an expression names a resource, is an ARN that is put together, or comes from another
 * stack.
 */
function leadsElsewhere(expression: object, ids: ReadonlySet<string>): boolean {
  const text = JSON.stringify(expression);
  if (text.includes('"Fn::ImportValue"') || text.includes('"arn:"') || text.includes('arn:${')) return true;
  return [...text.matchAll(/"Ref":"([^"]+)"|"Fn::GetAtt":\["([^"]+)"|\$\{(\w+)/g)].some(([, ref, attribute, inner]) =>
    ids.has(ref ?? attribute ?? inner ?? ''),
  );
}
