import { useState } from 'preact/hooks';
import type { CalendarDto, OnCallSpanDto, ScheduleCalendarDto } from '../../../http/api/dto/calendar.ts';
import { now } from '../../data/clock.ts';
import { dayText, ownZone, timeText } from '../../frame/zone.ts';
import { Panel } from '../../parts/panel.tsx';
import type { Day } from './days.ts';
import { reasonText } from './reason.ts';
import { TurnsTable } from './turns.tsx';
import type { View } from './view.ts';

const shadesOf = 5;
/** Days that the name of a month takes. */
const nameTakes = 3;

/** Days, and a row a layer: rotation, overrides, and in bold who is on call. */
export function Calendar({ calendar, view, me }: { calendar: CalendarDto; view: View; me: string | undefined }) {
  const [asTable, setTable] = useState(false);
  const { days, timeZone, range, from, to } = view;
  const [first, last] = [days[0]?.start ?? from, (days.at(-1)?.end ?? to) - 1];
  const people = [
    ...new Set(calendar.schedules.flatMap(({ responders, result }) => [...responders, ...result.map((one) => one.responder)])),
  ];
  const shadeOf = (person: string): string => `p${people.indexOf(person) % shadesOf}`;
  const scheduleZone = calendar.schedules.find(({ timezone }) => timezone !== 'UTC' && timezone !== ownZone)?.timezone;
  const zones = [...new Set(['UTC', ...(scheduleZone === undefined ? [] : [scheduleZone]), ownZone])];
  return (
    <Panel
      title={`${dayText(first, timeZone)} to ${dayText(last, timeZone)}`}
      end={
        <span class="row">
          <Choice
            label="Range"
            choices={[
              ['week', 'Week'],
              ['5weeks', '5 weeks'],
            ]}
            chosen={range}
            choose={(one) => view.show({ range: one === 'week' ? 'week' : '5weeks' })}
          />
          <Choice
            label="Time zone"
            choices={zones.map((one) => [
              one,
              one === 'UTC' ? 'UTC' : one === ownZone ? 'Yours' : (one.split('/').at(-1) ?? one).replaceAll('_', ' '),
            ])}
            chosen={timeZone}
            choose={(one) => view.show({ zone: one })}
          />
        </span>
      }
    >
      <figure
        class="oncall-calendar"
        aria-label={`Who is on call from ${dayText(first, timeZone)} to ${dayText(last, timeZone)}; as a table below`}
      >
        <div class="wide">
          <Head days={days} from={from} to={to} />
          {calendar.schedules.map((schedule) => (
            <ScheduleRows
              key={schedule.schedule}
              schedule={schedule}
              days={days}
              from={from}
              to={to}
              shadeOf={shadeOf}
              zone={timeZone}
            />
          ))}
        </div>
        <figcaption class="small dim">
          {calendar.schedules.map(({ schedule, rotation, responders, timezone, result, clockChanges }) => (
            <p key={schedule}>
              {schedule} turns {rotation} between {responders.join(', ')} without a gap, at the same time of day in {timezone}
              {clockChanges.length === 0
                ? ''
                : `, also across the change of clocks on ${clockChanges.map(({ at }) => dayText(Date.parse(at), timezone)).join(' and ')}`}
              {result.some(({ namedBy }) => namedBy !== 'rotation') ? '. Dashed boxes are overrides' : ''}.
            </p>
          ))}
        </figcaption>
      </figure>
      <div class="in wide">
        <button type="button" class="button quiet" aria-expanded={asTable} onClick={() => setTable(!asTable)}>
          {asTable ? 'Hide the table' : 'Show as table'}
        </button>
      </div>
      <div class={asTable ? '' : 'phone'}>
        <TurnsTable calendar={calendar} zone={timeZone} me={me} />
      </div>
    </Panel>
  );
}

function Choice(props: {
  label: string;
  choices: readonly (readonly [string, string])[];
  chosen: string;
  choose(one: string): void;
}) {
  return (
    <fieldset class="choice">
      <legend class="vh">{props.label}</legend>
      {props.choices.map(([value, text]) => (
        <button key={value} type="button" aria-pressed={value === props.chosen} onClick={() => props.choose(value)}>
          {text}
        </button>
      ))}
    </fieldset>
  );
}

const percent = (at: number, from: number, to: number): number => (100 * (at - from)) / (to - from);

function Head({ days, from, to }: { days: readonly Day[]; from: number; to: number }) {
  // The name of a month that begins in a day or two would lie over the next one.
  const months = days.filter(({ month }, n) =>
    n === 0 ? days[nameTakes]?.month === month || days.length <= nameTakes : days[n - 1]?.month !== month,
  );
  return (
    <div class="cal-row cal-head" aria-hidden="true">
      <span />
      <div class="cal-track">
        {months.map(({ start, month }) => (
          <span key={month} class="month" style={{ left: `${percent(start, from, to)}%` }}>
            {month}
          </span>
        ))}
        {days.map(({ start, end, day, weekday }) => {
          const isToday = start <= now.value && now.value < end;
          return (
            <span key={start} class={`day ${isToday ? 'today' : ''}`} style={placed(start, end, from, to)}>
              {days.length > 7 ? day : `${weekday} ${day}`}
            </span>
          );
        })}
      </div>
    </div>
  );
}

const placed = (start: number, end: number, from: number, to: number) => {
  const left = percent(start, from, to);
  return { left: `${left}%`, width: `${percent(end, from, to) - left}%` };
};

type Rows = {
  schedule: ScheduleCalendarDto;
  days: readonly Day[];
  from: number;
  to: number;
  shadeOf(person: string): string;
  zone: string;
};

function ScheduleRows({ schedule, ...track }: Rows) {
  const { turns, overrides, result } = schedule;
  return (
    <div class="cal-schedule">
      <h3>
        <a href={`/oncall/${encodeURIComponent(schedule.schedule)}`}>{schedule.schedule}</a>
      </h3>
      <Row label={`layer: ${schedule.rotation}`} spans={turns} schedule={schedule} {...track} />
      {overrides.length === 0 ? null : <Row label="override" spans={overrides} schedule={schedule} {...track} />}
      <Row label="on call" isResult spans={result} schedule={schedule} {...track} />
    </div>
  );
}

function Row(props: Rows & { label: string; spans: readonly OnCallSpanDto[]; isResult?: boolean }) {
  const { label, spans, isResult = false, days, from, to, shadeOf, zone, schedule } = props;
  return (
    <div class={`cal-row ${isResult ? 'result' : ''}`}>
      <span class={isResult ? 'strong' : 'dim'}>{label}</span>
      <div class="cal-track">
        {days
          .filter(({ isWeekend }) => isWeekend)
          .map(({ start, end }) => (
            <i key={start} class="weekend" style={placed(start, end, from, to)} />
          ))}
        {spans.map((span) => {
          const [start, end] = [Math.max(from, Date.parse(span.from)), Math.min(to, Date.parse(span.until))];
          if (start >= end) return null;
          const [begins, ends] = [span.from, span.until].map((time) => timeText(Date.parse(time), now.value, zone));
          const text = [`${span.responder}, ${begins} to ${ends}`, reasonText(span)].filter((part) => part !== '').join(', ');
          return (
            <span
              key={`${span.from} ${span.responder}`}
              class={`turn ${shadeOf(span.responder)} ${span.namedBy === 'rotation' ? '' : 'override'}`}
              style={placed(start, end, from, to)}
              title={text}
            >
              {span.responder}
            </span>
          );
        })}
        {schedule.clockChanges.map(({ at }) => (
          <i
            key={at}
            class="clocks"
            style={{ left: `${percent(Date.parse(at), from, to)}%` }}
            title={`Clocks change in ${schedule.timezone}`}
          />
        ))}
        {now.value >= from && now.value < to ? <i class="now" style={{ left: `${percent(now.value, from, to)}%` }} /> : null}
      </div>
    </div>
  );
}
