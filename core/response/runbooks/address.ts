/**
 * Where a runbook is read: `runbook` is the name of one of ours, below `base`, or the address of one elsewhere, as alerts
 * of other systems bring it. Undefined when there is none.
 */
export function runbookAddress(runbook: string, base: string): string | undefined {
  if (runbook === '') return undefined;
  if (/^https?:\/\//i.test(runbook)) return runbook;
  return `${base.replace(/\/+$/, '')}/runbooks/${encodeURIComponent(runbook)}`;
}
