import { useState } from 'preact/hooks';
import { useRoute } from 'preact-iso/router';
import type { CalendarDto } from '../../../http/api/dto/calendar.ts';
import type { OnCallDto } from '../../../http/api/dto/on-call.ts';
import { useAnswer } from '../../data/answer.ts';
import { now } from '../../data/clock.ts';
import { useDeed } from '../../data/deed.ts';
import { useSession } from '../../data/session.ts';
import { useKeys } from '../../frame/keys.ts';
import { useTitle } from '../../frame/title.ts';
import { timeText } from '../../frame/zone.ts';
import { DeedOutcome } from '../../parts/deed-button.tsx';
import { IfMay, useMay } from '../../parts/if-may.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Shown } from '../../parts/states.tsx';
import { Calendar } from './calendar.tsx';
import { Load } from './load.tsx';
import { type Asked, OverrideDialog } from './override-dialog.tsx';
import { Overrides } from './overrides.tsx';
import { PagedNow } from './paged.tsx';
import { myTurn, nextHandOver, whoAnswers } from './sentence.ts';
import { useView } from './view.ts';

const isAbout = ({ kind }: { kind: string }): boolean => kind === 'overrides' || kind === 'config';

/** Who answers now, and when is it me? */
export default function OnCall() {
  const only = useRoute().params['schedule'];
  const view = useView();
  const me = useSession()?.person.responder;
  const [asked, ask] = useState<Asked | undefined>(undefined);
  const doing = useDeed(['/api/oncall']);
  const [mayTake, mayPut] = [useMay('override oneself'), useMay('override another')];
  const oncall = useAnswer<OnCallDto>('/api/oncall', isAbout);
  const calendar = useAnswer<CalendarDto>(calendarAddress(view, only), isAbout);
  const shifts = (oncall.value?.oncall ?? []).filter(({ schedule }) => only === undefined || schedule === only);
  const text = (time: string): string => timeText(Date.parse(time), now.value, view.timeZone);
  const headline = oncall.value === undefined ? 'On call' : whoAnswers(shifts, text);
  const [first] = shifts;
  const open = (take: boolean): void => {
    // Whoever takes over, takes what is not theirs already.
    const one = take ? (shifts.find(({ responder }) => responder !== me) ?? first) : first;
    if (one !== undefined) ask({ take, schedule: one.schedule });
  };
  useTitle(headline);
  useKeys('On call', {
    ...(mayTake && { t: { text: 'Take over', asks: true, run: () => open(true) } }),
    ...(mayPut && { o: { text: 'Put somebody on call', asks: true, run: () => open(false) } }),
    '[': { text: 'A week earlier', run: () => view.show({ step: -1 }) },
    ']': { text: 'A week later', run: () => view.show({ step: 1 }) },
  });
  return (
    <>
      <h1>{headline}</h1>
      {oncall.value === undefined || calendar.value === undefined ? null : (
        <p class="lede">
          {[
            shifts.length === 0 ? 'The config has no schedule; policies page people and channels by name.' : undefined,
            nextHandOver(shifts, text),
            myTurn(me, { shifts, next: calendar.value.next }, now.value, text),
          ]
            .filter((part) => part !== undefined)
            .join(' ')}
        </p>
      )}
      <div class="stack">
        <Shown answer={calendar} what="the calendar" lines={8}>
          {(known) => (known.schedules.length === 0 ? null : <Calendar calendar={known} view={view} me={me} />)}
        </Shown>
        {calendar.value?.more === undefined ? null : (
          <p class="small dim">There are more schedules than are shown; open one by its address, /oncall/NAME.</p>
        )}
        <div class="thirds">
          <PagedNow />
          <Load zone={view.timeZone} />
          <Shown answer={oncall} what="overrides" lines={4}>
            {({ overrides }) => (
              <Panel title="Somebody else for a time">
                <div class="in stack">
                  <IfMay permission="override oneself" what="go on call for a time, nor put others on call">
                    <div class="row">
                      <button type="button" class="button" disabled={first === undefined} onClick={() => open(true)}>
                        Take over now <kbd>T</kbd>
                      </button>
                      {mayPut ? (
                        <button type="button" class="button" disabled={first === undefined} onClick={() => open(false)}>
                          Put somebody on call <kbd>O</kbd>
                        </button>
                      ) : null}
                    </div>
                    <IfMay
                      permission="override another"
                      what="put somebody else on call"
                      instead="Ask them to press Take over now on their own device, or an admin to do it."
                    />
                  </IfMay>
                  <DeedOutcome name="override" deed={asked === undefined ? doing.deed : { state: 'idle' }} />
                  <Overrides
                    overrides={overrides.filter(({ schedule }) => only === undefined || schedule === only)}
                    zone={view.timeZone}
                  />
                </div>
              </Panel>
            )}
          </Shown>
        </div>
      </div>
      {asked === undefined || calendar.value === undefined ? null : (
        <OverrideDialog
          asked={asked}
          shifts={shifts}
          calendar={calendar.value}
          me={me}
          doing={doing}
          close={() => ask(undefined)}
        />
      )}
    </>
  );
}

function calendarAddress({ from, to }: { from: number; to: number }, schedule: string | undefined): string {
  const query = new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  if (schedule !== undefined) query.set('schedule', schedule);
  return `/api/oncall/calendar?${query}`;
}
