/** What kind of credential a text holds, or undefined. */
export declare function credentialIn(text: string): string | undefined;
/**
 * A received value as messages show it: `"perfomance"`, `the number 5`, `a mapping`. Long texts are cut, control
 * characters escaped, and of credentials only the kind is told.
 */
export declare function shown(value: unknown): string;
