import { formatDuration } from '../../core/vocabulary/units.ts';
import { addressFrom } from '../client/address.ts';
import { checked, type Finding } from './finding.ts';

/** Slack and AWS refuse signatures from a clock that is five minutes off. */
const refusedMs = 300_000;
const noticeableMs = 10_000;

/** Compares this machine's clock with a web server's, by its `Date` header (whole seconds). */
export function checkClock(url: string, now: () => number): Promise<Finding> {
  const at = { area: 'clock', what: 'clock' } as const;
  const unknown = (found: string): Finding => ({ ...at, state: 'skipped', found });
  return checked(at, 'synchronise the clock with NTP', async () => {
    const { href, host } = new URL(addressFrom(url));
    const startedAt = now();
    const response = await fetch(href, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(5000),
    }).catch(() => undefined);
    if (response === undefined) return unknown(`${host} does not answer, so there is nothing to compare with`);
    const date = Date.parse(response.headers.get('date') ?? '');
    if (Number.isNaN(date)) return unknown(`${host} does not say what time it is`);
    const skew = Math.abs((startedAt + now()) / 2 - (date + 500));
    if (skew < noticeableMs) return { ...at, state: 'ok', found: `agrees with ${host}` };
    const found = `is ${formatDuration(skew)} off from ${host}`;
    const todo = 'synchronise the clock with NTP; Slack and AWS refuse requests that are five minutes off';
    return { ...at, state: skew < refusedMs ? 'warn' : 'failed', found, todo };
  });
}
