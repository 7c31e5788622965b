import { useSession } from '../../data/session.ts';

/** The name by which those who look are paged, as ladders and timelines show it. */
export const useViewer = (): string | undefined => useSession()?.person.responder;
