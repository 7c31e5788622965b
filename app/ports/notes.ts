/** Small facts about the runtime, such as the last tick. */
export type Notes = {
  meta(key: string): Promise<string | undefined>;
  /** The values of these keys, in that order. */
  metas(keys: readonly string[]): Promise<(string | undefined)[]>;
  setMeta(key: string, value: string): Promise<void>;
};
