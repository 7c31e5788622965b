import { hash } from 'node:crypto';
import { type Channel, type Channels, everyChannel } from '../../app/ports/channel.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { everyHook, type Hooks, type RollbackHook } from '../../app/ports/rollback-hook.ts';
import type { Secrets } from '../../app/ports/secrets.ts';
import { everySource, type Source } from '../../app/ports/source.ts';
import { runtimePorts } from '../../app/runtime-ports.ts';
import { recordedLineage } from '../../app/sources/recorded-lineage.ts';
import { dynamodbStore } from '../../stores/dynamodb/index.ts';
import { deployed, variable } from './deployed.ts';
import { dynamodb } from './dynamodb.ts';
import { log } from './log.ts';
import { tracer } from './traces.ts';

/**
 * A function bundles only the adapters it uses and has permissions for. Any other port throws, so
 * an effect in the wrong queue ends in its dead-letter queue, with this reason in the log.
 */
export type Parts = {
  channels?: Channels;
  hooks?: Hooks;
  secrets?: Secrets;
  /** Whether it may write the table's version. */
  marks?: boolean;
  /** Whether it quarantines what it cannot read. Default true. */
  setsAside?: boolean;
};

const absent = (what: string) => async (): Promise<never> => {
  throw new Error(`this function has no ${what}; only the function whose role allows it has one`);
};
const noSource: Source = { query: absent('source') };
const noChannel: Channel = { send: absent('channel') };
const noHook: RollbackHook = { describe: absent('rollback hook'), rollback: absent('rollback hook') };
const noSecrets: Secrets = { get: absent('secrets') };

/** The ports of one function. Clients are created once per container and reused. */
export function wire(parts: Parts = {}): Ports {
  const { config } = deployed();
  const store = dynamodbStore({
    client: dynamodb(),
    table: variable('TOCSIN_TABLE'),
    marks: parts.marks ?? false,
    setsAside: parts.setsAside ?? true,
    tracer: tracer(),
  });
  return {
    ...runtimePorts(config),
    store,
    lineage: recordedLineage(config, store),
    sha256: (text) => hash('sha256', text),
    sources: everySource(noSource),
    channels: parts.channels ?? everyChannel(noChannel),
    hooks: parts.hooks ?? everyHook(noHook),
    secrets: parts.secrets ?? noSecrets,
    log,
    tracer: tracer(),
    observe: (entries, effects) => {
      for (const { incidentId, kind, text, actor, data } of entries)
        log('info', text, { incident: incidentId, kind, actor, effect: data?.['effect'] });
      for (const { id, incidentId, kind } of effects) log('info', 'effect decided', { effect: id, incident: incidentId, kind });
    },
    observeAudit: (entries) => {
      for (const { kind, text, actor, id } of entries) log('info', text, { kind, actor, audit: id });
    },
  };
}

/**
 * Creates a value on first use, once per container. Importing a handler then needs no environment.
 */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
