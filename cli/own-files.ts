import { join } from 'node:path';

/** Where the repository, or the installed package, has its runbooks. */
export const ownRunbooks = join(import.meta.dirname, '../runbooks');
