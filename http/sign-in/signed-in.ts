import type { Context } from 'hono';
import type { Person } from '../../core/access/permission.ts';
import type { IncidentId } from '../../core/vocabulary/ids.ts';

/** Whoever asks. `until`: milliseconds since the epoch, when they have to sign in again. */
export type SignedIn = {
  person: Person;
  /** As it is shown; for a responder, as the config names them. */
  name: string;
  how: 'open' | 'password' | 'oidc' | 'link';
  until?: number;
  /** The only one that a link opens. */
  incident?: IncidentId;
  /**
   * Whether a cookie says so. The name is then that of the session, and no body may give another.
   */
  inBrowser: boolean;
};

const key = 'signed in';

export const noteSignedIn = (c: Context, who: SignedIn): void => c.set(key, who);

/** Throws if nobody asked who it is: that would be a route that forgot to. */
export function signedInAs(c: Context): SignedIn {
  const who = c.get(key) as SignedIn | undefined;
  if (who === undefined) throw new TypeError(`${c.req.path} did not ask who calls`);
  return who;
}
