/** Whether a runbook is an external URL that another system sent, and none of ours. */
export const isExternalRunbook = (runbook: string): boolean => /^https?:\/\//i.test(runbook);

/**
 * The URL of a runbook: `runbook` is one of ours, below `base`, or an external URL that another
 * system sent. Undefined if there is none.
 */
export function runbookAddress(runbook: string, base: string): string | undefined {
  if (runbook === '') return undefined;
  if (isExternalRunbook(runbook)) return runbook;
  return `${base.replace(/\/+$/, '')}/runbooks/${encodeURIComponent(runbook)}`;
}
