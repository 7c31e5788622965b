import { describe, expect, it } from 'vitest';
import { beginOf, dateOf, daysFrom, mondayOf, readDate } from '../../web/screens/oncall/days.ts';
import { listed, myTurn, nextHandOver, whoAnswers } from '../../web/screens/oncall/sentence.ts';

const hour = 3_600_000;
const date = (text: string): number => readDate(text) ?? Number.NaN;

describe('days of a zone', () => {
  it('begin at its midnight, and have 23 or 25 hours when clocks change', () => {
    const [before, spring, after] = daysFrom(date('2026-03-07'), 3, 'America/New_York');
    expect(before?.start).toBe(Date.UTC(2026, 2, 7, 5));
    expect((spring?.end ?? 0) - (spring?.start ?? 0)).toBe(23 * hour);
    expect(after?.start).toBe(Date.UTC(2026, 2, 9, 4));
    const [autumn] = daysFrom(date('2026-10-25'), 1, 'Europe/Berlin');
    expect((autumn?.end ?? 0) - (autumn?.start ?? 0)).toBe(25 * hour);
  });

  it.each(['UTC', 'Asia/Kolkata', 'Pacific/Auckland', 'America/St_Johns'])('are where a wall shows them, in %s', (zone) => {
    for (let n = 0; n < 400; n += 7) {
      const begin = beginOf(date('2026-01-01') + n, zone);
      expect(dateOf(begin, zone)).toBe(date('2026-01-01') + n);
      expect(dateOf(begin - 1, zone)).toBe(date('2026-01-01') + n - 1);
    }
  });

  it('weeks begin on Monday', () => {
    expect(mondayOf(date('2026-06-07'))).toBe(date('2026-06-01'));
    expect(mondayOf(date('2026-06-01'))).toBe(date('2026-06-01'));
  });

  it.each(['2026-6-1', 'today', '', undefined])('%s is no date', (text) => expect(readDate(text)).toBe(undefined));
});

describe('who answers, as a sentence', () => {
  const shift = (schedule: string, responder: string, until: string, next = 'zoe') => ({
    ...{ schedule, responder, from: '2026-06-01T09:00:00Z', until, namedBy: 'rotation' as const, next },
  });
  const [early, late] = ['2026-06-08T09:00:00Z', '2026-06-09T09:00:00Z'];
  const day = (time: string): string => time.slice(5, 10);

  it('names each once, and a common end once', () => {
    expect(whoAnswers([shift('ml', 'ben', early)], day)).toBe('ben answers for ml until 06-08.');
    expect(whoAnswers([shift('ml', 'ben', early), shift('data', 'emma', early)], day)).toBe(
      'ben answers for ml, emma for data, both until 06-08.',
    );
    expect(whoAnswers([shift('ml', 'ben', early), shift('data', 'emma', late)], day)).toBe(
      'ben answers for ml until 06-08, emma for data until 06-09.',
    );
    expect(
      whoAnswers(
        Array.from({ length: 7 }, (_, n) => shift(`s${n}`, 'ben', early)),
        day,
      ),
    ).toContain('3 more below');
    expect(whoAnswers([], day)).toBe('No schedule says who is on call.');
  });

  it('says when it is my turn', () => {
    const shifts = [shift('ml', 'ben', early), shift('data', 'ben', early)];
    const next = [{ responder: 'ana', schedule: 'ml', from: early, until: late }];
    const at = Date.parse('2026-06-02T09:00:00Z');
    expect(myTurn('ben', { shifts, next }, at, day)).toBe('You are on call for ml and data until 06-08.');
    const apart = [shift('ml', 'ben', late), shift('data', 'ben', early)];
    expect(myTurn('ben', { shifts: apart, next }, at, day)).toBe('You are on call for ml until 06-09 and data until 06-08.');
    expect(myTurn('ana', { shifts, next }, at, day)).toBe('You are on call next for ml, from 06-08 to 06-09.');
    expect(myTurn('max', { shifts, next }, at, day)).toBe('You are in no rotation.');
    expect(myTurn(undefined, { shifts, next }, at, day)).toBe(undefined);
  });

  it('leaves out hand-overs to oneself', () => {
    expect(nextHandOver([shift('ml', 'ben', early, 'ben'), shift('data', 'emma', late, 'dev')], day)).toBe(
      'emma hands data over to dev at 06-09.',
    );
    expect(nextHandOver([shift('ml', 'ben', early, 'ben')], day)).toBe(undefined);
    expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
  });
});
