/**
 * What one sender says of one thing: points of one stream follow each other. A stream is told by
 * resource, scope, name, unit, kind and attributes, and a point of it by its times, so that what is
 * sent again counts once. Source:
 * https://opentelemetry.io/docs/specs/otel/metrics/data-model/#resets-and-gaps
 */
import { type Content, increaseOf } from './content.ts';

/** Contents of spans (from, to], and how often a point was there before. Times in milliseconds. */
export type Growth = { from: number; to: number; content: Content };
export type Taken = { growth?: Growth } | { repeated: true } | { fault: string };

/** One run of what counts: from `start`, up to `time`. */
export type Run = { start: number; time: number; content: Content };

/**
 * Counts since a start. Several processes that cannot be told apart have starts of their own, and
 * so does one that was started again: each start is a run. A point that is older than the newest of
 * its run is contained in that one.
 */
export type CumulativeStream = { kind: 'cumulative'; runs: Run[]; forgotten: number };

/**
 * Points that stand alone. `times`: the last ones, in order; older ones than `floor` are not known.
 */
export type SeparateStream = { kind: 'separate'; times: number[]; floor: number };

export type StreamState = CumulativeStream | SeparateStream;

const mostRuns = 8;
const mostTimes = 64;

export const newCumulative = (): CumulativeStream => ({ kind: 'cumulative', runs: [], forgotten: 0 });
export const newSeparate = (): SeparateStream => ({ kind: 'separate', times: [], floor: 0 });

/**
 * Takes the state of a run at a time. What was counted before `since` may have been counted from an
 * earlier point: a run that started before only counts from its first point on.
 */
export function takeCumulative(stream: CumulativeStream, start: number, time: number, content: Content, since: number): Taken {
  const run = stream.runs.find((one) => one.start === start);
  if (run === undefined) {
    if (start !== 0 && start <= stream.forgotten) {
      return {
        fault: `more than ${mostRuns} processes send the same stream; give each a service.instance.id of its own in its resource`,
      };
    }
    stream.runs.push({ start, time, content });
    if (stream.runs.length > mostRuns) forgetOldest(stream);
    return start === 0 || start < since ? {} : { growth: { from: start, to: time, content } };
  }
  if (time <= run.time) return { repeated: true };
  // Something fell, though the start is the same: it began anew without saying so.
  const growth = { from: run.time, to: time, content: increaseOf(run.content, content) ?? content };
  run.time = time;
  run.content = content;
  return { growth };
}

function forgetOldest(stream: CumulativeStream): void {
  const oldest = stream.runs.reduce((a, b) => (b.time < a.time ? b : a));
  stream.runs = stream.runs.filter((one) => one !== oldest);
  stream.forgotten = Math.max(stream.forgotten, oldest.start);
}

/** Takes a value at a time, or what came in (start, time]. */
export function takeSeparate(stream: SeparateStream, start: number, time: number, content: Content): Taken {
  const { times } = stream;
  let place = times.length;
  while (place > 0 && (times[place - 1] as number) > time) place -= 1;
  if (times[place - 1] === time) return { repeated: true };
  if (time <= stream.floor) return { fault: `came after ${mostTimes} newer points of its stream; it may have counted before` };
  times.splice(place, 0, time);
  if (times.length > mostTimes) stream.floor = times.shift() as number;
  return { growth: { from: start === 0 || start > time ? time : start, to: time, content } };
}
