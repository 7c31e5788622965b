import type { ComponentChildren } from 'preact';
import type { SessionDto } from '../../http/api/dto/session.ts';
import { useSession } from '../data/session.ts';

type Permission = SessionDto['may'][number];

/**
 * Whether the viewer may; the server decides, and until it is known who looks they are offered what
 * there is.
 */
export function useMay(permission: Permission): boolean {
  const session = useSession();
  return session === undefined || session.may.includes(permission);
}

/**
 * A way to act, for whoever may; to others why there is none, rather than a button that only fails.
 * `instead`: what does it all the same.
 */
export function IfMay(props: { permission: Permission; what: string; instead?: string; children?: ComponentChildren }) {
  const { permission, what, instead, children } = props;
  const session = useSession();
  if (useMay(permission)) return <>{children}</>;
  return (
    <p class="small dim">
      Your role is {session?.role}; it may not {what}.{instead === undefined ? '' : ` ${instead}`}
    </p>
  );
}
