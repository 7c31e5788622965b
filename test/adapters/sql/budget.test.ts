import { describe, expect, it } from 'vitest';
import { callsInTurn } from '../../../adapters/asked-in-time.ts';
import { openSource } from '../../../adapters/sql/index.ts';
import type { SourceRequest } from '../../../app/ports/source.ts';
import { type AskingRule, ruleSchema } from '../../../core/detection/rules/rule-schema.ts';
import { sqlKind } from '../../../core/telemetry/sources/kinds/sql.ts';
import { asRuleId } from '../../../core/vocabulary/ids.ts';

const minute = 60_000;
const now = Date.UTC(2026, 0, 5, 12, 0);
const source = sqlKind.schema.parse({
  kind: 'sql',
  lag: '0s',
  postgres: { host: '127.0.0.1', database: 'shop', user: 'reader', tls: false },
});

function request(name: string): SourceRequest {
  const rule = ruleSchema.parse({
    source: 'shop',
    query: { sql: { query: `select '${name}', :from, :to` } },
    step: '1m',
    category: 'latency',
    threshold: { below: { warn: 1 } },
    runbook: 'latency-spike',
  }) as AskingRule;
  return { ruleId: asRuleId(name), rule, from: now - 5 * minute, to: now };
}

const columns = [
  { name: 'time', type: 'time', typeName: 'timestamptz' } as const,
  { name: 'value', type: 'number', typeName: 'int8' } as const,
];

/** A database in which connecting takes `connectMs`, and each query `queryMs` and `characters`. */
function slowDatabase({ connectMs = 0, queryMs = 0, characters = 0 }) {
  let time = 0;
  const asked: { name: string; timeoutMs: number }[] = [];
  const connections: number[] = [];
  const opened = openSource(
    { secrets: { get: async () => undefined } },
    callsInTurn(() => time),
    {
      postgres: async (_source, _secrets, ms) => {
        connections.push(ms);
        time += connectMs;
        return {
          async rows(query, _from, _to, _atMost, share) {
            const timeoutMs = share.timeoutMs(source.timeout);
            asked.push({ name: query.slice(8, 9), timeoutMs });
            time += Math.min(queryMs, timeoutMs);
            if (queryMs > timeoutMs) throw new Error('ended by the server');
            share.take(characters);
            return { columns, rows: [] };
          },
          isOpen: () => true,
          close: async () => undefined,
        };
      },
    },
  );
  return { asked, connections, tick: (names: string) => opened.query('shop', source, [...names].map(request), now) };
}

describe('a slow database', () => {
  it('answers what it can in the time of a tick, and the rest first in the next tick', async () => {
    const { asked, connections, tick } = slowDatabase({ connectMs: 3000, queryMs: 8000 });
    const first = await tick('abcd');
    expect(connections).toEqual([10_000]);
    expect(asked).toEqual([
      { name: 'a', timeoutMs: 10_000 },
      { name: 'b', timeoutMs: 10_000 },
      { name: 'c', timeoutMs: 3000 },
    ]);
    expect(first).toEqual([
      { ok: true, series: [] },
      { ok: true, series: [] },
      { ok: false, error: 'ended by the server' },
      { ok: false, error: 'the queries before it took all the time that a tick has' },
    ]);
    const second = await tick('abcd');
    expect(asked.slice(3).map(({ name }) => name)).toEqual(['c', 'd', 'a']);
    expect(second.map(({ ok }) => ok)).toEqual([false, false, true, true]);
  });

  it('has no more than 128 million characters held for one tick', async () => {
    const { asked, tick } = slowDatabase({ characters: 60 * 1024 * 1024 });
    const results = await tick('abc');
    expect(asked).toHaveLength(3);
    expect(results[2]).toEqual({ ok: false, error: 'the answers before it took all the room that a call has' });
    expect(results.map(({ ok }) => ok)).toEqual([true, true, false]);
  });
});
