/** Small facts about the runtime, such as the last tick. */
export type Notes = {
  meta(key: string): Promise<string | undefined>;
  /** The values of these keys, in that order. */
  metas(keys: readonly string[]): Promise<(string | undefined)[]>;
  setMeta(key: string, value: string): Promise<void>;
  /** Many at once. If it fails, some may be written. `losable`: a power cut may undo them. */
  setMetas(entries: readonly (readonly [key: string, value: string])[], options?: { losable?: boolean }): Promise<void>;
};
