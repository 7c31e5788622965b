import type { CalendarDto } from '../../../http/api/dto/calendar.ts';
import { now } from '../../data/clock.ts';
import { timeText } from '../../frame/zone.ts';
import { reasonText } from './reason.ts';

const most = 200;

/** Who is on call from now on, one line a turn; on a phone the viewer's own turns first. */
export function TurnsTable({ calendar, zone, me }: { calendar: CalendarDto; zone: string; me: string | undefined }) {
  const turns = calendar.schedules
    .flatMap(({ schedule, result }) => result.map((span) => ({ schedule, span })))
    .filter(({ span }) => Date.parse(span.until) > now.value)
    .toSorted(
      (a, b) =>
        Number(b.span.responder === me) - Number(a.span.responder === me) || Date.parse(a.span.from) - Date.parse(b.span.from),
    );
  const text = (time: string): string => timeText(Date.parse(time), now.value, zone);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the focus.
    <div class="scroll turns" tabIndex={0} role="group" aria-label="Turns from now on">
      <table>
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">For</th>
            <th scope="col">From</th>
            <th scope="col">Until</th>
            <th scope="col" class="wide">
              Why
            </th>
          </tr>
        </thead>
        <tbody>
          {turns.slice(0, most).map(({ schedule, span }) => (
            <tr key={`${schedule} ${span.from}`}>
              <td class="strong nowrap">{span.responder === me ? `${span.responder}, you` : span.responder}</td>
              <td class="nowrap">{schedule}</td>
              <td class="nowrap">{Date.parse(span.from) <= now.value ? 'now' : text(span.from)}</td>
              <td class="nowrap">{text(span.until)}</td>
              <td class="wide dim">{reasonText(span) || 'rotation'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
