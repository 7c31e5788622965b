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
    propertyNames?: JsonSchema;
    additionalProperties?: JsonSchema | boolean;
    items?: JsonSchema;
    anyOf?: JsonSchema[];
    oneOf?: JsonSchema[];
};
/**
 * JSON Schema (draft 2020-12) of what may be written in config files, before defaults are filled in. A file may hold any
 * of the sections, so none is required in one.
 */
export declare function configJsonSchema(): JsonSchema;
/** The schema of what is written at a path; of a `kind` that is given, only that alternative. */
export declare function schemaAt(path: readonly (string | number)[], value: unknown): JsonSchema | undefined;
