import type { EarlyJudge } from '../../app/evaluate/judge-early.ts';
import { withLogged } from '../json-log.ts';
import type { AlarmClock } from './alarm-clock.ts';
import { type Loop, pollMs } from './loop.ts';

/** Collects early samples for this long, and spends at most half of the time judging them. */
const earlyEveryMs = 50;

/** Judges breaching samples at once, and those that arrive meanwhile together shortly after. */
export async function judgeEarly(
  { clock, stopped, report }: Loop,
  early: EarlyJudge,
  { samples, pause }: Record<'samples' | 'pause', AlarmClock>,
): Promise<void> {
  while (!stopped()) {
    await samples.sleep(pollMs * 60);
    if (stopped()) return;
    const at = clock.now();
    const began = performance.now();
    await withLogged({ tick: `early-${at}` }, () => early.judge(at)).catch(report('samples could not be judged early'));
    await pause.sleep(Math.max(earlyEveryMs, performance.now() - began));
  }
}
