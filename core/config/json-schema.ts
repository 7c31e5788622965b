import * as z from 'zod';
import { configSchema } from './schema.ts';

/** The part of JSON Schema that describes a config. */
export type JsonSchema = {
  $schema?: string;
  title?: string;
  description?: string;
  type?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  format?: string;
  pattern?: string;
  minLength?: number;
  minItems?: number;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  required?: string[];
  properties?: Record<string, JsonSchema>;
  patternProperties?: Record<string, JsonSchema>;
  propertyNames?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
};

let made: JsonSchema | undefined;

/**
 * JSON Schema (draft 2020-12) of config files, before defaults apply. A file may hold any of the
 * sections, so none is required.
 */
export function configJsonSchema(): JsonSchema {
  if (made === undefined) {
    const { $schema, required: _, ...schema } = z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchema;
    made = { $schema, title: 'Tocsin config', ...schema, patternProperties: { '^x-': {} } };
  }
  return made;
}

/** The schema at a path. If a `kind` is given, only that alternative. */
export function schemaAt(path: readonly (string | number)[], value: unknown): JsonSchema | undefined {
  let schema: JsonSchema | undefined = configJsonSchema();
  let here = value;
  for (const step of path) {
    schema = alternative(schema, here);
    schema = typeof step === 'number' ? schema?.items : (ownSchema(schema?.properties, step) ?? valuesOf(schema));
    here = typeof here === 'object' && here !== null ? (here as Record<string, unknown>)[step] : undefined;
  }
  return alternative(schema, here);
}

function alternative(schema: JsonSchema | undefined, value: unknown): JsonSchema | undefined {
  if (schema?.oneOf === undefined) return schema;
  const kind = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)['kind'] : undefined;
  return schema.oneOf.find((one) => one.properties?.['kind']?.const === kind) ?? schema;
}

const ownSchema = (properties: Record<string, JsonSchema> | undefined, name: string): JsonSchema | undefined =>
  properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;

const valuesOf = (schema: JsonSchema | undefined): JsonSchema | undefined =>
  typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined;
