/**
 * Names of the DynamoDB table's keys, attributes and indexes. The store writes by them, the CDK stack creates the table by
 * them and filters its stream by them, so they stand in one place. To change one of them is to make a new table.
 */
export declare const tableKeys: {
    readonly partition: 'pk';
    readonly sort: 'sk';
    /** Time to live, in seconds since the epoch. */
    readonly ttl: 'expires';
    /** What an item is; the stream's filter looks for `effect` here. */
    readonly type: 'type';
    readonly effectType: 'effect';
    /** What is due, by time, spread over `dueShards` partitions. Keys only: what is found is then read consistently. */
    readonly dueIndex: {
        readonly name: 'due';
        readonly partition: 'dueOf';
        readonly sort: 'dueAt';
        readonly projection: 'KEYS_ONLY';
    };
    /** What is listed whole, such as alerts and incidents, by time. All attributes: a list is one query a shard. */
    readonly listIndex: {
        readonly name: 'list';
        readonly partition: 'listOf';
        readonly sort: 'listAt';
        readonly projection: 'ALL';
    };
    /** An index partition takes 1,000 writes a second, and one that is full holds up the table's own writes. */
    readonly dueShards: 4;
    readonly listShards: 4;
};
