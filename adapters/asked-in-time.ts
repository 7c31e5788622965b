/**
 * What one call of a source that asks query by query may take altogether, and who is asked first.
 *
 * - A call ends before the tick gives the whole source up, so answers that came are judged.
 * - Answers share a limit of memory. What fails is dropped, and gives back what it held.
 * - Rules whose queries were not asked, or had less than their time, come first in the next call.
 *   The very first always had its turn, so that a rule which takes everything cannot stay there.
 */
import type { SourceRequest, SourceResult } from '../app/ports/source.ts';
import type { RuleId } from '../core/vocabulary/ids.ts';

/** A tick waits 25 s for a call. The rest is for the last answer to arrive, and to be read. */
const allWithinMs = 22_000;
/** Bytes, or characters, of all answers of a call. */
const allRoom = 128 * 1024 * 1024;
/** Of a source; those that had their turn longest ago are forgotten, and count as new. */
const maxRemembered = 10_000;

/** Queries before it used up what the call has. */
export class StarvedError extends Error {
  override name = 'StarvedError';
}

/** What one query may take. Both throw `StarvedError` if nothing is left. */
export type Share = {
  /** How long its next exchange may last, milliseconds; at most `mostMs`. */
  timeoutMs(mostMs: number): number;
  /** Say what was read, as it arrives: bytes or characters. */
  take(amount: number): void;
};

export type Budget = {
  /** Gives one query its share. `key` names the query; errors of `run` are passed on. */
  ask<T>(key: string, run: (share: Share) => Promise<T>): Promise<T>;
  /** This query is not asked because of another one's failure. */
  leave(key: string): void;
};

/** The answer of a request, and the keys of the queries behind it. */
export type Told = { result: SourceResult; keys: readonly string[] };

export type CallsInTurn = {
  /**
   * `ask` gets the requests in the order in which to ask, and answers in that order. The results
   * are in the order of `requests`.
   */
  call(
    source: string,
    requests: readonly SourceRequest[],
    ask: (requests: SourceRequest[], budget: Budget) => Promise<Told[]>,
  ): Promise<SourceResult[]>;
};

/** `clock`: milliseconds that never go back. `room`: of one call, bytes or characters. */
export function callsInTurn(clock: () => number = () => performance.now(), room: number = allRoom): CallsInTurn {
  /** By source: when each rule last had its turn, as a count; oldest first. */
  const turns = new Map<string, Map<RuleId, number>>();
  let count = 0;
  return {
    async call(source, requests, ask) {
      const had = turns.get(source) ?? new Map<RuleId, number>();
      turns.set(source, had);
      const turnOf = (place: number): number => had.get((requests[place] as SourceRequest).ruleId) ?? 0;
      const order = [...requests.keys()].sort((a, b) => turnOf(a) - turnOf(b) || a - b);
      const starved = new Set<string>();
      const told = await ask(
        order.map((place) => requests[place] as SourceRequest),
        budgetOf(clock, room, starved),
      );
      const results: SourceResult[] = [];
      for (const [rank, place] of order.entries()) {
        const { result, keys } = told[rank] as Told;
        results[place] = result;
        if (rank > 0 && keys.some((key) => starved.has(key))) continue;
        const { ruleId } = requests[place] as SourceRequest;
        had.delete(ruleId);
        had.set(ruleId, ++count);
      }
      for (const rule of had.keys()) {
        if (had.size <= maxRemembered) break;
        had.delete(rule);
      }
      return results;
    },
  };
}

function budgetOf(clock: () => number, allOfIt: number, starved: Set<string>): Budget {
  const endsAt = clock() + allWithinMs;
  let room = allOfIt;
  return {
    async ask(key, run) {
      let held = 0;
      let isShort = false;
      try {
        if (room <= 0) throw noRoom();
        return await run({
          timeoutMs(mostMs) {
            const left = Math.floor(endsAt - clock());
            isShort ||= left < mostMs;
            if (left <= 0) throw new StarvedError('the queries before it took all the time that a tick has');
            return Math.min(mostMs, left);
          },
          take(amount) {
            held += amount;
            room -= amount;
            if (room < 0) throw noRoom();
          },
        });
      } catch (cause) {
        room += held;
        if (isShort || cause instanceof StarvedError) starved.add(key);
        throw cause;
      }
    },
    leave: (key) => void starved.add(key),
  };
}

const noRoom = (): StarvedError => new StarvedError('the answers before it took all the room that a call has');

/** Added to "no answer within ..." where that was less than the source's timeout; else nothing. */
export const shortness = (timeoutMs: number, mostMs: number): string =>
  timeoutMs < mostMs ? ', which the queries before it left of the time that a tick has' : '';
