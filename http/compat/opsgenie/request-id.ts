/**
 * What became of a request. Each is carried out before it is answered, so its id can say it and
 * nothing is kept.
 */
export type RequestDone = { action: string; fingerprint: string; done: boolean; at: number };

export const requestIdOf = (action: string, fingerprint: string, done: boolean, at: number): string =>
  [action, done ? 'done' : 'not-done', fingerprint, at.toString(36)].join('_');

/** Undefined for what is no such id. */
export function readRequestId(id: string): RequestDone | undefined {
  const [, action = '', done, fingerprint = '', at = ''] =
    /^(create|close|acknowledge|notes)_(done|not-done)_([0-9A-Za-z-]{1,64})_([0-9a-z]{1,9})$/.exec(id) ?? [];
  const time = Number.parseInt(at, 36);
  return done === undefined || Number.isNaN(time) || time > 8.64e15
    ? undefined
    : { action, fingerprint, done: done === 'done', at: time };
}
