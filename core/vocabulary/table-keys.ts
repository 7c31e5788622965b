/**
 * Names of the DynamoDB table's keys, attributes and indexes. The store, the CDK table and its
 * stream filter share them. Changing one of them means a new table.
 */
export const tableKeys = {
  partition: 'pk',
  sort: 'sk',
  /** Time to live, in seconds since the epoch. */
  ttl: 'expires',
  /** The type of an item. The stream filter looks for `effect` here. */
  type: 'type',
  effectType: 'effect',

  /**
   * Due items by time, spread over `dueShards` partitions. Keys only: the item itself is then read
   * consistently.
   */
  dueIndex: { name: 'due', partition: 'dueOf', sort: 'dueAt', projection: 'KEYS_ONLY' },
  /**
   * Items that are listed, such as alerts and incidents, by time. All attributes: a list is one
   * query per shard.
   */
  listIndex: { name: 'list', partition: 'listOf', sort: 'listAt', projection: 'ALL' },

  /**
   * Key prefixes by subject. The functions' IAM roles follow these lines: an ingest function cannot
   * write a silence, and a function that people call cannot write a sample.
   */
  writes: {
    records: ['batch#', 'waiting#', 'series#', 'buckets#', 'training#', 'heartbeat#'],
    /** Metrics by OTLP: what is known of each sender, and what it added. */
    telemetry: ['otlp#'],
    decisions: ['incident#', 'group#', 'alert#', 'deployment#', 'serving#', 'effect#', 'slot#', 'change#'],
    people: ['silence#', 'override#', 'accepted#'],
    /** On which devices people take pages: whoever sends to one learns that it is gone. */
    devices: ['devices#'],
    /** Who did what. Whoever changes something for a person, or refuses to, writes it down. */
    audit: ['audit#'],
    runtime: ['meta#', 'table#'],
    /**
     * Which version each alias of a model registry was at: one of the facts of the runtime, which
     * ingest may write as well.
     */
    registries: ['meta#registry '],
    /** What was found of each series, judgement by judgement. */
    judgements: ['history#'],
    /** Undecodable records. Every reader may have to write these. */
    quarantine: ['quarantine#'],
  },

  /**
   * An index partition takes 1,000 writes per second, and a full one throttles writes to the table
   * itself.
   */
  dueShards: 4,
  listShards: 4,
} as const;

export type WriteGroup = keyof typeof tableKeys.writes;
