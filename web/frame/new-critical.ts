import { useEffect, useRef } from 'preact/hooks';
import type { NowDto } from '../../http/api/dto/now.ts';
import { say, sayNow } from './announce.tsx';
import { criticalIn } from './critical.ts';

/**
 * Tells a screen reader of each new one: what is the viewer's interrupts, what is of others waits.
 * The first answer is on the screen.
 */
export function useNewCritical(now: NowDto | undefined): void {
  const known = useRef<ReadonlySet<string> | undefined>(undefined);
  useEffect(() => {
    if (now === undefined) return;
    const critical = criticalIn(now);
    const before = known.current;
    known.current = new Set([...(before ?? []), ...critical.map(({ id }) => id)]);
    if (before === undefined) return;
    for (const { id, title, isOwn } of critical) if (!before.has(id)) (isOwn ? sayNow : say)(`Critical: ${title}`);
  }, [now]);
}
