/** The result of one check. `todo`: what to do about a failure, or what to look at. */
export type Finding = {
  area: 'config' | 'secrets' | 'store' | 'sources' | 'targets' | 'rollbacks' | 'clock' | 'aws';
  what: string;
  state: 'ok' | 'warn' | 'failed' | 'skipped';
  found: string;
  todo?: string;
};

export const isFailed = ({ state }: Finding): boolean => state === 'failed';

export const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A check that throws has failed, for that reason. */
export async function checked(at: Pick<Finding, 'area' | 'what'>, todo: string, check: () => Promise<Finding>): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    return { ...at, state: 'failed', found: textOf(error), todo };
  }
}
