import type { Person } from '../../core/access/permission.ts';
import type { Ports } from '../ports/ports.ts';

/** Logs what a person's role did not allow. */
export function logDenied(
  { log }: Pick<Ports, 'log'>,
  action: string,
  { actor, role }: Person,
  about: { incident?: string } = {},
): void {
  log('warn', 'an action was refused', { ...about, action, actor, role });
}
