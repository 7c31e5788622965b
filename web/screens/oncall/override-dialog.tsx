import { useEffect, useId, useState } from 'preact/hooks';
import type { CalendarDto } from '../../../http/api/dto/calendar.ts';
import type { ShiftDto } from '../../../http/api/dto/on-call.ts';
import { now } from '../../data/clock.ts';
import { type Doing, faultAt } from '../../data/deed.ts';
import { useSession } from '../../data/session.ts';
import { timeText } from '../../frame/zone.ts';
import { useChecked } from '../../parts/checked-form.tsx';
import { DeedButton, DeedOutcome } from '../../parts/deed-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';

export type Asked = { take: boolean; schedule: string };

/**
 * Takes a shift over from now on, or puts anybody on call for a time. Closes when it is committed.
 */
export function OverrideDialog(props: {
  asked: Asked;
  shifts: readonly ShiftDto[];
  calendar: CalendarDto;
  me: string | undefined;
  doing: Doing;
  close(): void;
}) {
  const { asked, shifts, calendar, me, doing, close } = props;
  const session = useSession();
  const [schedule, setSchedule] = useState(asked.schedule);
  const shift = shifts.find((one) => one.schedule === schedule);
  const people = peopleIn(calendar, schedule);
  const [who, setWho] = useState(asked.take ? (me ?? '') : '');
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const [comment, setComment] = useState('');
  const ids = { schedule: useId(), people: useId(), why: useId(), hint: useId() };
  const zone = calendar.schedules.find((one) => one.schedule === schedule)?.timezone ?? 'UTC';
  const end = until === '' ? shift?.until : until;
  const { deed } = doing;
  const here = { who: who.trim() === '' ? 'Say who.' : undefined };
  const { field, error, idOf, passes } = useChecked({
    who: here.who ?? faultAt(deed, 'assignee'),
    from: faultAt(deed, 'from'),
    until: faultAt(deed, 'until'),
  });
  // What the server refused is told beside its field, too.
  useEffect(() => {
    if (deed.state === 'failed') passes();
  }, [deed]);
  const isOfField = ['assignee', 'from', 'until'].some((name) => faultAt(deed, name) !== undefined);
  const send = async (): Promise<void> => {
    if (!passes(here)) return;
    const body = { schedule, assignee: who, until: end ?? '', comment, ...(from === '' ? {} : { from }) };
    if ((await doing.run('/api/overrides', body)).state === 'committed') close();
  };
  return (
    <Dialog title={asked.take ? `Take over ${schedule}` : 'Put somebody on call for a time'} close={close}>
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        {shifts.length > 1 ? (
          <>
            <label for={ids.schedule}>Schedule</label>
            <select id={ids.schedule} value={schedule} onChange={({ currentTarget }) => setSchedule(currentTarget.value)}>
              {shifts.map((one) => (
                <option key={one.schedule}>{one.schedule}</option>
              ))}
            </select>
          </>
        ) : null}
        {asked.take && me !== undefined ? null : (
          <>
            <label for={idOf('who')}>Who</label>
            <input
              {...field('who')}
              list={ids.people}
              value={who}
              required
              autocomplete="off"
              placeholder="a responder of the config"
              onInput={({ currentTarget }) => setWho(currentTarget.value)}
            />
            <datalist id={ids.people}>
              {people.map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
            <div class="second">{error('who')}</div>
          </>
        )}
        {asked.take ? null : (
          <>
            <label for={idOf('from')}>From</label>
            <input
              {...field('from', ids.hint)}
              value={from}
              placeholder="now"
              onInput={({ currentTarget }) => setFrom(currentTarget.value)}
            />
            <div class="second">{error('from')}</div>
          </>
        )}
        <label for={idOf('until')}>Until</label>
        <input
          {...field('until', ids.hint)}
          value={until}
          placeholder={shift === undefined ? '4h' : `the end of this turn, ${timeText(Date.parse(shift.until), now.value, zone)}`}
          onInput={({ currentTarget }) => setUntil(currentTarget.value)}
        />
        <div class="second">{error('until')}</div>
        <p id={ids.hint} class="small dim second">
          As <code>4h</code>, <code>17:00</code> or <code>2026-01-05T09:00</code>, in {zone}.
        </p>
        <label for={ids.why}>Why</label>
        <input id={ids.why} value={comment} maxLength={500} onInput={({ currentTarget }) => setComment(currentTarget.value)} />
        <p class="second">
          {shift === undefined
            ? null
            : shift.responder === who && from === ''
              ? `${who === me ? 'You are' : `${who} is`} on call for ${schedule} already.`
              : `Pages for ${schedule} go to ${who === '' ? 'them' : who === me ? 'you' : who} ${from === '' ? 'from the next one on' : `from ${from} on`}, in place of ${shift.responder}. ${shift.responder} keeps what they have been paged about until somebody acknowledges it. Tocsin tells nobody: tell them yourself. It is in the audit log, and can be ended at any time.`}
        </p>
        {session !== undefined && who !== '' && who !== me && !session.may.includes('override another') ? (
          <p class="note warn second">To put somebody else on call takes a responder of the config, or an admin.</p>
        ) : session !== undefined && who !== '' && who !== me && !session.may.includes('long override of another') ? (
          <p class="small dim second">For more than 24 hours this takes an admin, and your role is {session.role}.</p>
        ) : null}
        {/* Enter in a field sends the form. */}
        <input type="submit" hidden />
        <div class="answers second">
          <DeedOutcome name="override" deed={deed.state === 'failed' && !isOfField ? deed : { state: 'idle' }} />
          <button type="button" class="button" onClick={close}>
            Cancel
          </button>
          <DeedButton name="override" deed={doing.deed} look="first" run={() => void send()}>
            {asked.take ? 'Take over' : 'Put on call'}
          </DeedButton>
        </div>
      </form>
    </Dialog>
  );
}

function peopleIn({ schedules, next }: CalendarDto, schedule: string): string[] {
  const own = schedules.find((one) => one.schedule === schedule)?.responders ?? [];
  return [...new Set([...own, ...next.map(({ responder }) => responder)])];
}
