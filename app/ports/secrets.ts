/** The value of a named secret, or undefined. */
export type Secrets = { get(name: string): Promise<string | undefined> };
