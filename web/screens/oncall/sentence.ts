import type { CalendarDto } from '../../../http/api/dto/calendar.ts';
import type { ShiftDto } from '../../../http/api/dto/on-call.ts';

const mostNamed = 4;

/** `ana`, `ana and ben`, `ana, ben and chloe`. */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** `ben answers for ml, emma for data, both until Mon 26 Mar 14:00.` */
export function whoAnswers(shifts: readonly ShiftDto[], timeOf: (time: string) => string): string {
  const [first] = shifts;
  if (first === undefined) return 'No schedule says who is on call.';
  const shown = shifts.slice(0, mostNamed);
  const isSameEnd = shifts.every(({ until }) => until === first.until);
  const parts = shown.map(
    ({ schedule, responder, until }, n) =>
      `${responder} ${n === 0 ? 'answers ' : ''}for ${schedule}${isSameEnd ? '' : ` until ${timeOf(until)}`}`,
  );
  const more = shifts.length - shown.length;
  if (more > 0) parts.push(`${more} more below`);
  const all = shifts.length === 1 ? '' : shifts.length === 2 ? ', both' : ', all';
  return `${parts.join(', ')}${isSameEnd ? `${all} until ${timeOf(first.until)}` : ''}.`;
}

/** When it is the viewer's turn: now, next, or not at all. */
export function myTurn(
  me: string | undefined,
  { shifts, next }: { shifts: readonly ShiftDto[]; next: CalendarDto['next'] },
  at: number,
  timeOf: (time: string) => string,
): string | undefined {
  if (me === undefined) return undefined;
  const mine = shifts.filter(({ responder }) => responder === me);
  const [now] = mine;
  if (now !== undefined) {
    const isSameEnd = mine.every(({ until }) => until === now.until);
    const own = mine.map(({ schedule, until }) => (isSameEnd ? schedule : `${schedule} until ${timeOf(until)}`));
    return `You are on call for ${listed(own)}${isSameEnd ? ` until ${timeOf(now.until)}` : ''}.`;
  }
  const turn = next.find(({ responder, until }) => responder === me && Date.parse(until) > at);
  return turn === undefined
    ? 'You are in no rotation.'
    : `You are on call next for ${turn.schedule}, from ${timeOf(turn.from)} to ${timeOf(turn.until)}.`;
}

/** The next time at which somebody else is on call. */
export function nextHandOver(shifts: readonly ShiftDto[], timeOf: (time: string) => string): string | undefined {
  const [first] = shifts
    .filter(({ responder, next }) => responder !== next)
    .toSorted((a, b) => Date.parse(a.until) - Date.parse(b.until));
  return first === undefined
    ? undefined
    : `${first.responder} hands ${first.schedule} over to ${first.next} at ${timeOf(first.until)}.`;
}
