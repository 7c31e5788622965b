/**
 * Names of the DynamoDB table's keys, attributes and indexes. The store writes by them, the CDK stack creates the table by
 * them and filters its stream by them, so they stand in one place. To change one of them is to make a new table.
 */
export const tableKeys = {
  partition: 'pk',
  sort: 'sk',
  /** Time to live, in seconds since the epoch. */
  ttl: 'expires',
  /** What an item is; the stream's filter looks for `effect` here. */
  type: 'type',
  effectType: 'effect',

  /** What is due, by time, spread over `dueShards` partitions. Keys only: what is found is then read consistently. */
  dueIndex: { name: 'due', partition: 'dueOf', sort: 'dueAt', projection: 'KEYS_ONLY' },
  /** What is listed whole, such as alerts and incidents, by time. All attributes: a list is one query a shard. */
  listIndex: { name: 'list', partition: 'listOf', sort: 'listAt', projection: 'ALL' },

  /**
   * How the keys of what is written begin, by what it is about. The roles of the functions are cut along these lines: who takes records
   * from outside can silence nobody, and who listens to people can make no sample.
   */
  writes: {
    records: ['batch#', 'waiting#', 'series#', 'buckets#', 'training#'],
    decisions: ['incident#', 'group#', 'alert#', 'deployment#', 'serving#', 'effect#', 'slot#'],
    people: ['silence#', 'override#'],
    runtime: ['meta#', 'table#'],
    /** What could not be read, which any reader may meet. */
    quarantine: ['quarantine#'],
  },

  /** An index partition takes 1,000 writes a second, and one that is full holds up the table's own writes. */
  dueShards: 4,
  listShards: 4,
} as const;

export type WriteGroup = keyof typeof tableKeys.writes;
