/**
 * The URL of a runbook: `runbook` is one of ours, below `base`, or an external URL that another
 * system sent. Undefined if there is none.
 */
export function runbookAddress(runbook: string, base: string): string | undefined {
  if (runbook === '') return undefined;
  if (/^https?:\/\//i.test(runbook)) return runbook;
  return `${base.replace(/\/+$/, '')}/runbooks/${encodeURIComponent(runbook)}`;
}
