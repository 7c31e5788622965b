import type { Document, Ref, Response, Schema } from './shape.ts';

/** The anchor that a heading has on the page. */
export const anchorOf = (heading: string): string => heading.toLowerCase().replaceAll(' ', '-');

/** Whether it stands elsewhere, under a name. */
export const isRef = (value: object): value is Ref => '$ref' in value;

/** The answer itself, where it stands among those that are alike. */
export const responseOf = (document: Document, response: Response | Ref): Response =>
  isRef(response) ? (document.components.responses[response.$ref.split('/').at(-1) ?? ''] as Response) : response;

/** The name of a schema, leading to its section. */
export function schemaLink({ $ref, anyOf, const: only, type }: Schema): string {
  if (anyOf !== undefined) return anyOf.map(schemaLink).join(' or ');
  const name = $ref?.split('/').at(-1);
  if (name !== undefined) return `[${name}](#${anchorOf(name)})`;
  return only === undefined ? String(type ?? 'anything') : `\`${only}\``;
}
