import type { NowDto } from '../../http/api/dto/now.ts';

type Shown = { id: string; title: string; isOwn: boolean };

/** Critical incidents that nobody has yet, also those that the scope leaves out. */
export function criticalIn({ incidents, ofOthers }: Pick<NowDto, 'incidents' | 'ofOthers'>): Shown[] {
  const own = incidents.shown
    .filter(({ severity, status }) => severity === 'critical' && status !== 'acknowledged')
    .map(({ id, title, isOwn }) => ({ id, title, isOwn: isOwn === true }));
  return [...own, ...(ofOthers?.incidents?.shown ?? []).map(({ id, title }) => ({ id, title, isOwn: false }))];
}
