import { useEffect, useState } from 'preact/hooks';
import { nameOfActor } from '../../../core/vocabulary/actor.ts';
import type { IncidentDetailDto } from '../../../http/api/dto/incident-detail.ts';
import { askAgain } from '../../data/answer.ts';
import { type Deed, useDeed } from '../../data/deed.ts';
import { useKeys } from '../../frame/keys.ts';
import { DeedButton, notDone, WhyFailed } from '../../parts/deed-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { useMay } from '../../parts/if-may.tsx';
import { Time } from '../../parts/time.tsx';
import { type Asking, asking as asked } from './asking.ts';
import { NoteDialog, ResolveDialog, RollbackDialog, SilenceDialog } from './dialogs.tsx';
import { listText } from './names.ts';
import { stepOf } from './next.tsx';
import { ShareDialog } from './share-dialog.tsx';

type Name = IncidentDetailDto['actions'][number]['name'];

const order: readonly Name[] = ['acknowledge', 'escalate', 'resolve', 'rollback', 'silence', 'note'];
const words: Readonly<Record<Name, string>> = {
  acknowledge: 'Acknowledge',
  escalate: 'Escalate',
  resolve: 'Resolve',
  rollback: 'Roll back',
  silence: 'Silence',
  note: 'Note',
};
const done: Readonly<Record<Name, string>> = {
  acknowledge: 'Acknowledged',
  escalate: 'Escalated',
  resolve: 'Resolved',
  rollback: 'Rollback asked for',
  silence: 'Silenced',
  note: 'Noted',
};
const keyOf: Readonly<Record<Name, string>> = {
  acknowledge: 'a',
  escalate: 'e',
  resolve: 'r',
  rollback: 'b',
  silence: 's',
  note: 'n',
};

/** What can be done now, and what became of it. Nothing is shown as done before it is committed. */
export function Actions({ detail }: { detail: IncidentDetailDto }) {
  const { incident, actions } = detail;
  const asking = asked.value;
  const ask = (one: Asking | undefined): void => {
    asked.value = one;
  };
  useEffect(() => () => ask(undefined), [incident.id]);
  const [last, setLast] = useState<Name>();
  const doing = useDeed(['/api/incidents', '/api/now']);
  const address = `/api/incidents/${encodeURIComponent(incident.id)}`;
  const act = async (name: Name, body: object = {}, path = `${address}/${name}`): Promise<Deed> => {
    setLast(name);
    const deed = await doing.run(path, body, done[name]);
    // Somebody else was faster: what they did is shown.
    if (deed.state === 'failed' && deed.status === 409) await askAgain('/api/incidents');
    return deed;
  };
  const begin = (name: Name): void => {
    if (name === 'acknowledge' || name === 'escalate') void act(name);
    else ask(name);
  };
  const allowed = order.filter((name) => actions.some((one) => one.name === name && one.allowed));
  const mayShare = useMay('link');
  useKeys(
    'Incident',
    Object.fromEntries(
      allowed.map((name) => [
        keyOf[name],
        { text: words[name], run: () => begin(name), asks: name === 'rollback' || name === 'resolve' },
      ]),
    ),
  );
  const close = (): void => ask(undefined);
  const button = (name: Name, key = true) => (
    <DeedButton
      key={name}
      name={name}
      deed={last === name ? doing.deed : { state: 'idle' }}
      look={name === 'acknowledge' ? 'first' : name === 'rollback' ? 'danger' : ''}
      run={() => begin(name)}
    >
      {words[name]}
      {key ? <kbd>{keyOf[name].toUpperCase()}</kbd> : null}
    </DeedButton>
  );
  const [main, rest] = [
    allowed.filter((name) => name === 'acknowledge' || name === 'escalate'),
    allowed.filter((name) => name !== 'acknowledge' && name !== 'escalate'),
  ];
  return (
    <div class="dock">
      <div class="acts row no-print" role="group" aria-label="Actions">
        <span class="acts-main">{main.map((name) => button(name))}</span>
        <span class="wide row">
          {rest.map((name) => button(name))}
          {mayShare ? (
            <button type="button" onClick={() => ask('share')}>
              Share…
            </button>
          ) : null}
          <button type="button" onClick={() => print()}>
            Print
          </button>
        </span>
        <button type="button" class="phone" onClick={() => ask('more')}>
          More
        </button>
      </div>
      <Outcome name={last} deed={doing.deed} detail={detail} again={() => (last === undefined ? undefined : begin(last))} />
      {asking === 'more' ? (
        <Dialog title="More" close={close}>
          <div class="stack">
            {rest.map((name) => (
              <button key={name} type="button" onClick={() => ask(name as Asking)}>
                {words[name]}
              </button>
            ))}
            {mayShare ? (
              <button type="button" onClick={() => ask('share')}>
                Share…
              </button>
            ) : null}
            {rest.length === 0 && !mayShare ? <p class="dim">There is nothing else that you may do now.</p> : null}
            <button type="button" onClick={close}>
              Close
            </button>
          </div>
        </Dialog>
      ) : null}
      {asking === 'rollback' ? <RollbackDialog detail={detail} close={close} run={() => act('rollback')} /> : null}
      {asking === 'resolve' ? <ResolveDialog detail={detail} close={close} run={(body) => act('resolve', body)} /> : null}
      {asking === 'share' ? <ShareDialog id={incident.id} close={close} /> : null}
      {asking === 'note' ? <NoteDialog close={close} run={(body) => act('note', body)} /> : null}
      {asking === 'silence' ? (
        <SilenceDialog detail={detail} close={close} run={(body) => act('silence', body, '/api/silences')} />
      ) : null}
    </div>
  );
}

/** What became of the last action; if it failed, what happens now, and the other ways. */
function Outcome(props: { name: Name | undefined; deed: Deed; detail: IncidentDetailDto; again(): void }) {
  const { name, deed, detail, again } = props;
  if (name === undefined || deed.state === 'idle' || deed.state === 'sending') return null;
  if (deed.state === 'committed')
    return (
      <p class="small t-good outcome">
        {done[name]} <Time at={deed.at} seconds />, committed.
        {name === 'silence' ? (
          <>
            {' '}
            Its alerts are muted within a minute. <a href="/silences">Silences</a>
          </>
        ) : null}
      </p>
    );
  const { acknowledgedBy, acknowledgedAt } = detail.incident;
  if (name === 'acknowledge' && deed.status === 409 && acknowledgedBy !== undefined && acknowledgedAt !== undefined)
    return (
      <p class="note outcome">
        {nameOfActor(acknowledgedBy)} acknowledged <Time at={acknowledgedAt} seconds />, while you were reading.
      </p>
    );
  const step = stepOf(detail);
  return (
    <div class="note critical outcome">
      <p>
        {notDone(deed)} ({words[name].toLowerCase()}): <WhyFailed deed={deed} />{' '}
        {step !== undefined && step.names.length > 0 ? (
          <>
            {listText(step.names)} {step.names.length === 1 ? 'is' : 'are'} paged at <Time at={step.at} />.
          </>
        ) : null}
      </p>
      {deed.status === undefined || deed.status === 401 ? (
        <p class="row small">
          <button type="button" onClick={again}>
            Try again
          </button>
          <span>Pressing twice is once. The message in Slack has the same buttons.</span>
        </p>
      ) : null}
    </div>
  );
}

/** Why other actions are not there; a person looks for them. */
export function Refused({ detail: { actions, incident } }: { detail: IncidentDetailDto }) {
  // Who has acknowledged it stands on top already.
  const isSaid = (name: Name): boolean => name === 'acknowledge' && incident.status === 'acknowledged';
  const refused = actions.filter(({ name, allowed, why }) => !allowed && why !== undefined && !isSaid(name));
  if (refused.length === 0 || incident.status === 'resolved') return null;
  return (
    <details class="small dim refused">
      <summary>Not possible now: {refused.map(({ name }) => words[name].toLowerCase()).join(', ')}</summary>
      <ul>
        {refused.map(({ name, why }) => (
          <li key={name}>
            {words[name]}: {why}.
          </li>
        ))}
      </ul>
    </details>
  );
}
