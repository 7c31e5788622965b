import { type Unanswered, unanswered } from './aws-errors.ts';

/** The result of one check. `todo`: what to do about a failure, or what to look at. */
export type Finding = {
  area:
    | 'config'
    | 'secrets'
    | 'store'
    | 'sources'
    | 'targets'
    | 'rollbacks'
    | 'signing in'
    | 'clock'
    | 'aws'
    | 'stack'
    | 'permissions'
    | 'quotas'
    | 'alarm'
    | 'page';
  what: string;
  /**
   * `unknown`: it could not be looked at, so nothing is known. `skipped`: there is nothing to look
   * at.
   */
  state: 'ok' | 'warn' | 'failed' | 'unknown' | 'skipped';
  found: string;
  todo?: string;
  /** AWS did not answer whoever asked; what was asked about may be well. */
  unanswered?: Unanswered;
};

export const isUnknown = ({ state }: Finding): boolean => state === 'unknown';
export const isFailed = ({ state }: Finding): boolean => state === 'failed';

export const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A check that throws has failed, for that reason. */
export async function checked(at: Pick<Finding, 'area' | 'what'>, todo: string, check: () => Promise<Finding>): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    const why = unanswered(error);
    return { ...at, state: 'failed', found: textOf(error), todo, ...(why === undefined ? {} : { unanswered: why }) };
  }
}
