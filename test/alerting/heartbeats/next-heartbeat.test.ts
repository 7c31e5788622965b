import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  expectedBy,
  type Heartbeat,
  type HeartbeatReport,
  isOpen,
  mostRuns,
} from '../../../core/alerting/heartbeats/heartbeat.ts';
import { nextHeartbeat } from '../../../core/alerting/heartbeats/next-heartbeat.ts';
import { readReport } from '../../../core/alerting/heartbeats/read-report.ts';
import { storedHeartbeat } from '../../../core/alerting/heartbeats/stored-heartbeat.ts';

const minute = 60_000;
const fresh = (): Heartbeat => expectedBy(undefined, 'nightly', '0 3 * * * UTC', 0);
const told = (...reports: HeartbeatReport[]): Heartbeat => reports.reduce(nextHeartbeat, fresh());

const reports: fc.Arbitrary<HeartbeatReport[]> = fc
  .array(
    fc.record({
      state: fc.constantFrom('start', 'progress', 'success', 'fail'),
      wait: fc.integer({ min: -30_000, max: 10 * minute }),
      run: fc.constantFrom(undefined, undefined, 'a', 'b'),
      done: fc.constantFrom(undefined, 0, 0.2, 0.5, 1),
      exitCode: fc.constantFrom(undefined, 0, 3),
      log: fc.constantFrom(undefined, 'one line'),
    }),
    { maxLength: 120 },
  )
  .map((all) => {
    let at = minute;
    return all.map(({ wait, ...report }) => {
      at += wait;
      return { ...report, at } as HeartbeatReport;
    });
  });

describe('what is kept of the runs of a job', () => {
  test('is bounded, can be read again, and the same report twice in a row changes nothing', () => {
    fc.assert(
      fc.property(reports, (all) => {
        let heartbeat = fresh();
        for (const report of all) {
          const next = nextHeartbeat(heartbeat, report);
          expect(next.runs.length).toBeLessThanOrEqual(mostRuns);
          expect(next.runs.filter(({ log }) => log !== undefined).length).toBeLessThanOrEqual(3);
          expect(next.runs.filter((run) => isOpen(run) && run.id === undefined).length).toBeLessThanOrEqual(1);
          const again = nextHeartbeat(next, report);
          expect(again.runs).toEqual(next.runs);
          expect(again.succeeded).toEqual(next.succeeded);
          heartbeat = next;
        }
        expect(storedHeartbeat.decode(storedHeartbeat.encode(heartbeat))).toEqual({ ok: true, value: heartbeat });
      }),
    );
  });

  it('tells runs apart by their names', () => {
    const { runs } = told(
      { state: 'start', at: 1 * minute, run: 'a' },
      { state: 'start', at: 2 * minute, run: 'b' },
      { state: 'success', at: 3 * minute, run: 'a' },
    );
    expect(runs).toEqual([
      { id: 'a', startedAt: minute, endedAt: 3 * minute, outcome: 'success' },
      { id: 'b', startedAt: 2 * minute },
    ]);
  });

  it('without names, a start ends a run that never ended as lost', () => {
    const { runs } = told({ state: 'start', at: minute }, { state: 'start', at: 60 * minute });
    expect(runs).toEqual([{ startedAt: minute, endedAt: 60 * minute, outcome: 'lost' }, { startedAt: 60 * minute }]);
  });

  it('with names, a success ends runs that began before as lost, and nothing else does', () => {
    const overlapping = [
      { state: 'start', at: 1, run: 'killed' },
      { state: 'start', at: 2, run: 'good' },
      { state: 'start', at: 3, run: 'newer' },
    ] as const;
    const outcomes = (...more: HeartbeatReport[]) => told(...overlapping, ...more).runs.map(({ outcome }) => outcome);
    expect(outcomes({ state: 'fail', at: 4, run: 'good' })).toEqual([undefined, 'fail', undefined]);
    const success = { state: 'success', at: 4, run: 'good' } as const;
    expect(outcomes(success)).toEqual(['lost', 'success', undefined]);
    expect(outcomes(success, { state: 'success', at: 5, run: 'killed' })).toEqual(['success', 'success', undefined]);
    expect(outcomes(success, { state: 'fail', at: 5, run: 'killed' })).toEqual(['fail', 'success', undefined]);
    const goesOn = told(...overlapping, success, { state: 'progress', done: 0.5, at: 5, run: 'killed' });
    expect(goesOn.runs[0]).toEqual({ id: 'killed', startedAt: 1, progress: { done: 0.5, at: 5, movedAt: 5 } });
    expect(outcomes({ state: 'success', at: 6, run: 'only its end' })).toEqual(['lost', 'lost', 'lost', 'success']);
    expect(outcomes({ state: 'success', at: 6 }, { state: 'success', at: 7, run: 'newer' })).toEqual([
      ...['lost', 'lost', 'success', 'success'],
    ]);
  });

  it('under one name, a run that failed is tried again, and one that succeeded is not begun again', () => {
    const failed = told(
      { state: 'start', at: 1, run: 'a' },
      { state: 'fail', at: 2, run: 'a' },
      { state: 'start', at: 3, run: 'a' },
    );
    expect(failed.runs.map(({ outcome }) => outcome)).toEqual(['fail', undefined]);
    const done = told({ state: 'success', at: 2, run: 'a' }, { state: 'start', at: 3, run: 'a' });
    expect(done.runs).toHaveLength(1);
    const late = told({ state: 'success', at: 2, run: 'a' }, { state: 'fail', at: 3, run: 'a' });
    expect(late.runs).toMatchObject([{ outcome: 'fail' }]);
  });
});

describe('a report', () => {
  const read = (state: string, query: Record<string, string[]> = {}, log = '') => readReport({ state, query, log, at: 0 });

  it('is a state or an exit code, and a success with another exit code than 0 is a failure', () => {
    expect(read('137')).toMatchObject({ ok: true, report: { state: 'fail', exitCode: 137 } });
    expect(read('0')).toMatchObject({ ok: true, report: { state: 'success', exitCode: 0 } });
    expect(read('success', { exit: ['2'] })).toMatchObject({ ok: true, report: { state: 'fail', exitCode: 2 } });
    expect(read('progress', { done: ['40'], total: ['100'] })).toMatchObject({ ok: true, report: { done: 0.4 } });
    expect(read('progress', { done: ['0'], total: ['3'] })).toMatchObject({ ok: true, report: { done: 0 } });
  });

  it('keeps the last 10,000 characters of a log', () => {
    const kept = read('fail', {}, `${'x'.repeat(1_000_000)}end`);
    expect(kept.ok && kept.report.log).toMatch(/^x{9997}end$/);
    expect(read('fail', {}, ' \n')).toMatchObject({ ok: true, report: { log: undefined } });
  });

  it('that cannot be read is refused with what was wrong', () => {
    const wrong: [string, Record<string, string[]>, string][] = [
      ['done', {}, 'expected start, progress, success, fail or an exit code after the name; received "done"'],
      ['1234', {}, 'after the name; received "1234"'],
      ['fail', { exit: ['x'] }, 'expected an exit code such as 0 or 137; received "x"'],
      ['progress', { done: ['40'] }, 'expected as done a share from 0 to 1, or a total beside it; received "40"'],
      ['progress', { done: ['4'], total: ['3'] }, 'at most the total 3; received "4"'],
      ['progress', { done: ['1'], total: ['0'] }, 'expected a total above 0; received "0"'],
      ['progress', { done: ['-1'] }, 'expected a number as done; received "-1"'],
      ['progress', { done: ['NaN'] }, 'received "NaN"'],
      ['progress', { done: ['1e9'] }, 'received "1e9"'],
      ['progress', { total: ['3'] }, 'expected done beside total'],
      ['start', { run: [''] }, 'expected a run of 1 to 100 characters; received ""'],
      ['start', { run: ['x'.repeat(101)] }, 'expected a run of 1 to 100 characters'],
      ['start', { run: ['a', 'b'] }, 'expected run once; received it 2 times'],
      ['start', { rid: ['a'] }, 'expected run, exit, done, total in the URL; received "rid"'],
      ['start', { __proto__x: ['a'] }, 'received "__proto__x"'],
    ];
    for (const [state, query, error] of wrong)
      expect(read(state, query)).toEqual({ ok: false, error: expect.stringContaining(error) });
  });

  test('of whatever text is read or refused, and what is read is within bounds', () => {
    const word = fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.constantFrom('start', 'progress', '3', '0.5', '1'));
    const name = fc.oneof(fc.constantFrom('run', 'exit', 'done', 'total'), word);
    fc.assert(
      fc.property(word, fc.dictionary(name, fc.array(word, { minLength: 1, maxLength: 2 })), word, (state, query, log) => {
        const found = readReport({ state, query, log, at: 0 });
        if (!found.ok) {
          expect(found.error).toMatch(/^expected /);
          return;
        }
        const { done = 0, run = 'x' } = found.report;
        expect(done >= 0 && done <= 1 && run.length <= 100).toBe(true);
      }),
    );
  });
});
