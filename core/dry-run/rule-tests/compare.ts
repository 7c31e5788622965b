import type { Alert } from '../../alerting/alerts/alert.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import type { PagedFor } from '../backtest/history.ts';
import type { Expectation, ExpectedPage, RuleTest } from './test-schema.ts';

/** How the alerts at one moment differ from the expected ones; undefined if they match. */
export function alertMismatch(expected: Expectation, test: RuleTest, alerts: readonly Alert[]): string | undefined {
  const ruleId = expected.rule ?? test.rule;
  const seen = alerts.filter(
    (alert) =>
      alert.ruleId === ruleId &&
      alert.state !== 'resolved' &&
      Object.entries(expected.labels).every(([name, value]) => alert.labels[name] === value),
  );
  const fits = (alert: Alert): boolean =>
    alert.state === expected.state &&
    (expected.severity === undefined || alert.severity === expected.severity) &&
    (expected.reason === undefined || alert.reason.includes(expected.reason));
  if (expected.state === 'inactive' ? seen.length === 0 : seen.some(fits)) return undefined;
  const wanted = [expected.state, expected.severity, expected.reason === undefined ? '' : `(${expected.reason})`];
  const received = seen.map(({ state, severity, reason }) => `${state} ${severity} (${reason})`);
  return [
    `${ruleId} at ${formatDuration(expected.at)}:`,
    `  - expected ${wanted.filter((word) => word !== undefined && word !== '').join(' ')}`,
    ...(received.length === 0 ? ['inactive'] : received).map((line) => `  + received ${line}`),
  ].join('\n');
}

/** How the pages differ from the expected ones, line by line; undefined if they match. */
export function pageMismatch(expected: readonly ExpectedPage[], pages: readonly PagedFor[], start: number): string | undefined {
  const equal = (one: ExpectedPage, page: PagedFor): boolean =>
    one.at === page.at - start && one.severity === page.severity && (one.reason ?? page.reason) === page.reason;
  if (expected.length === pages.length && expected.every((one, index) => equal(one, pages[index] as PagedFor))) return undefined;
  const line = (at: number, { severity, reason = '' }: { severity: string; reason?: string | undefined }): string =>
    `${formatDuration(at)} ${severity} ${reason}`.trimEnd();
  const isPaged = (one: ExpectedPage): boolean => pages.some((page) => equal(one, page));
  const isExpected = (page: PagedFor): boolean => expected.some((one) => equal(one, page));
  return [
    'the pages differ from the expected ones:',
    ...[
      ...expected.map((one) => ({ at: one.at, text: `${isPaged(one) ? '   ' : '  -'} ${line(one.at, one)}`, order: 0 })),
      ...pages
        .filter((page) => !isExpected(page))
        .map((page) => ({ at: page.at - start, text: `  + ${line(page.at - start, page)}`, order: 1 })),
    ]
      .sort((a, b) => a.at - b.at || a.order - b.order)
      .map(({ text }) => text),
  ].join('\n');
}
