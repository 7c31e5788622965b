import { test } from 'vitest';

/**
 * A test of what docs/security.md answers a threat with; its name is the threat, word for word as
 * it stands there.
 */
export const threat = (name: string, work: () => void | Promise<void>): void => test(name, work);
