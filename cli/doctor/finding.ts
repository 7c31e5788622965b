/** What one check found. `todo` says what a person has to do about what failed, or should look at. */
export type Finding = {
  area: 'config' | 'secrets' | 'store' | 'sources' | 'targets' | 'rollbacks' | 'clock' | 'aws';
  what: string;
  state: 'ok' | 'warn' | 'failed' | 'skipped';
  found: string;
  todo?: string;
};

export const isFailed = ({ state }: Finding): boolean => state === 'failed';

export const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A check that throws has failed, for the reason it threw. */
export async function checked(at: Pick<Finding, 'area' | 'what'>, todo: string, check: () => Promise<Finding>): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    return { ...at, state: 'failed', found: textOf(error), todo };
  }
}
