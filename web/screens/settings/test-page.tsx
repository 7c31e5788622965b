import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { CalendarDto } from '../../../http/api/dto/calendar.ts';
import type { TestPageDto } from '../../../http/api/dto/integrations.ts';
import { askAgain, useAnswer } from '../../data/answer.ts';
import { useDeed } from '../../data/deed.ts';
import { useSession } from '../../data/session.ts';
import { say } from '../../frame/announce.tsx';
import { useKeys } from '../../frame/keys.ts';
import { DeedButton, DeedOutcome } from '../../parts/deed-button.tsx';
import { type MarkKind, Tag } from '../../parts/mark.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Time } from '../../parts/time.tsx';

/** While a test page is under way, what became of it is asked so often. */
const askEveryMs = 2000;

const shown = {
  waiting: { kind: 'unsure', text: 'on its way' },
  delivered: { kind: 'good', text: 'delivered' },
  failed: { kind: 'critical', text: 'not delivered' },
} satisfies Record<NonNullable<TestPageDto['test']>['state'], { kind: MarkKind; text: string }>;

/** A test page to the viewer, by the way of every page, and what became of it. */
export function TestPage() {
  const session = useSession();
  const me = session?.person.responder;
  const [typed, setTyped] = useState('');
  const field = useId();
  const people = useId();
  const calendar = useAnswer<CalendarDto>(me === undefined ? '/api/oncall/calendar' : undefined, () => false);
  const who = me ?? (typed === '' ? undefined : typed);
  const doing = useDeed(['/api/contacts/']);
  const address = who === undefined || !isName(who) ? undefined : `/api/contacts/${encodeURIComponent(who)}/test`;
  // Asked about the last one even before another is sent; somebody who is not known has none.
  const answer = useAnswer<TestPageDto>(me === undefined && doing.deed.state === 'idle' ? undefined : address, () => false);
  const test = answer.value?.test;
  const isUnderWay = test?.state === 'waiting';
  useEffect(() => {
    if (!isUnderWay || address === undefined) return undefined;
    const timer = setInterval(() => void askAgain(address), askEveryMs);
    return () => clearInterval(timer);
  }, [isUnderWay, address]);
  // It comes by itself, some time after the button was pressed.
  const before = useRef(test?.state);
  useEffect(() => {
    if (before.current === 'waiting' && test !== undefined && test.state !== 'waiting')
      say(`Test page ${shown[test.state].text}`);
    before.current = test?.state;
  }, [test?.state]);
  const send = (): void => {
    if (address !== undefined) void doing.run(address);
  };
  useKeys('Settings', { p: { text: 'Send a test page', run: send } });
  if (session !== undefined && me !== undefined && !session.may.includes('test page to oneself'))
    return (
      <Panel title="Would a page reach me?">
        <p class="in dim">Your role is {session.role}; it may not send test pages. Ask an admin to page you.</p>
      </Panel>
    );
  if (session !== undefined && me === undefined && !session.may.includes('test page to another'))
    return (
      <Panel title="Would a page reach me?">
        <p class="in dim">
          No responder of the config is {session.person.name}, so there is nobody to page. Sign in under the name of a responder,
          or ask an admin.
        </p>
      </Panel>
    );
  return (
    <Panel title="Would a page reach me?">
      <div class="in stack tight">
        {me !== undefined ? null : (
          <div>
            <label for={field}>Responder</label>
            <input
              id={field}
              class="full"
              list={people}
              value={typed}
              autocomplete="off"
              placeholder="whom to page"
              onInput={({ currentTarget }) => setTyped(currentTarget.value)}
            />
            <datalist id={people}>
              {calendar.value?.next.map(({ responder }) => (
                <option key={responder} value={responder} />
              ))}
            </datalist>
          </div>
        )}
        <div class="row">
          <DeedButton name="test page" deed={doing.deed} look="first" run={send}>
            {me === undefined ? 'Send a test page' : 'Page me'} <kbd>P</kbd>
          </DeedButton>
          {test === undefined ? null : <Tag kind={shown[test.state].kind}>{shown[test.state].text}</Tag>}
        </div>
        <DeedOutcome name="test page" deed={doing.deed} />
        {test === undefined ? (
          <p class="small dim">It goes the way of every page: by your contacts, in their order. It is in no list of incidents.</p>
        ) : (
          <ul class="small">
            <li class="dim">
              asked <Time at={test.askedAt} seconds />
            </li>
            {test.deliveries.map(({ at, contact, outcome, text }) => (
              <li key={`${at} ${contact} ${outcome}`}>
                <Time at={at} seconds /> {outcome}: {outcome === 'delivered' ? contact : text}
              </li>
            ))}
            {test.waiting.map(({ contact, nextTryAt, error }) => (
              <li key={contact} class="t-warn">
                {contact} waits{error === undefined ? '' : `: ${error}`}, next try <Time at={nextTryAt} seconds />
              </li>
            ))}
          </ul>
        )}
      </div>
    </Panel>
  );
}

const isName = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(text);
