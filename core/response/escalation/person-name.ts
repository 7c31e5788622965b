import { noKindLeft } from '../../vocabulary/kinds.ts';
import type { PageTarget } from './page-target.ts';

/** Who is meant, as a person would say it: `ana`, `#ml-alerts`. */
export function nameOfTarget(target: PageTarget): string {
  switch (target.kind) {
    case 'responder':
      return target.name;
    case 'schedule':
      return target.responder;
    case 'channel':
      return `#${target.name}`;
    default:
      return noKindLeft('target', target);
  }
}
