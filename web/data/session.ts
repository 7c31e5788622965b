import type { SessionDto } from '../../http/api/dto/session.ts';
import { useAnswer } from './answer.ts';

/** Who looks, and what they may do; undefined until it is known. */
export const useSession = (): SessionDto | undefined => useAnswer<SessionDto>('/api/session', () => false).value;
