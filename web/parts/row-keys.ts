import type { RefObject } from 'preact';

/** Moves the focus to the next or the row before, by what each row marks with `data-row`. */
export function moveRow(list: RefObject<HTMLElement | null>, step: 1 | -1): void {
  const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = rows[at === -1 ? (step === 1 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + step))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

/** Whether somebody is in the list, so that nothing of it may move. */
export const isInside = (list: RefObject<HTMLElement | null>): boolean => list.current?.contains(document.activeElement) === true;
