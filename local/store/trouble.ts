import type { FileLoss } from '../../stores/sqlite/file-watch.ts';
import type { FileTrouble } from '../../stores/sqlite/trouble.ts';

/** What is wrong with the store of one machine, and since when. */
export type StoreTrouble = {
  kind: FileTrouble | FileLoss;
  /** For people: what is wrong, and what to do. */
  text: string;
  since: number;
};

/** What is no longer stored: decisions are kept in memory, or in a file nobody will find. */
type Effect = 'retried' | 'adrift' | 'lost';

/**
 * `retried`: the file exists but refuses writes; retrying. `adrift`: the open file accepts writes,
 * but is gone once this process ends. `lost`: another file is in its place and must not be written.
 */
export const effectOf = ({ kind }: Pick<StoreTrouble, 'kind'>): Effect => {
  switch (kind) {
    case 'full':
    case 'locked':
    case 'read-only':
    case 'failing':
    case 'damaged':
      return 'retried';
    case 'deleted':
    case 'replaced':
      return 'adrift';
    case 'overwritten':
    case 'taken over':
      return 'lost';
  }
};

const retried = 'nothing needs a restart: it goes on by itself once the store can be written';

export const troubleText = (kind: StoreTrouble['kind'], path: string): string => {
  switch (kind) {
    case 'full':
      return `the disk is full, nothing can be stored in ${path}: free some space; ${retried}`;
    case 'locked':
      return `another process holds a lock on ${path}, and nothing can be stored: end that process; ${retried}`;
    case 'read-only':
      return `${path} is not writable, nothing can be stored: check permissions and how the disk is mounted; ${retried}`;
    case 'failing':
      return `reading or writing ${path} fails, nothing can be stored: check the disk; ${retried}`;
    case 'damaged':
      return `${path} is damaged, and nothing can be stored: stop the service, move the file away together with ${path}-wal, put a backup in its place, and start again`;
    case 'deleted':
      return `${path} was deleted or moved while the service runs: what is open is still paged from memory and will be lost; put the file back, or restart the service to begin an empty one`;
    case 'replaced':
      return `${path} was replaced by another file while the service runs: what is open is still paged from memory and will be lost; restart the service to use the new file`;
    case 'overwritten':
      return `the contents of ${path} were overwritten while the service runs: what is open is still paged from memory and will be lost; restart the service to use what is there now`;
    case 'taken over':
      return `another instance has taken over ${path}: this one stores nothing any more; stop it`;
  }
};
