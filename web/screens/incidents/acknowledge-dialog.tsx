import { useRef, useState } from 'preact/hooks';
import type { NowIncidentDto } from '../../../http/api/dto/now.ts';
import { askAgain } from '../../data/answer.ts';
import { type Deed, post } from '../../data/deed.ts';
import { say, sayNow } from '../../frame/announce.tsx';
import { DeedOutcome } from '../../parts/deed-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Mark } from '../../parts/mark.tsx';
import { acknowledgeAll, type Outcomes } from './acknowledge-all.ts';

/** So many are listed by name, and as many that failed; the rest are counted. */
const mostListed = 20;
/** Of thousands, each would draw the dialog again. */
const drawnEveryMs = 200;

const send = async (id: string): Promise<Deed> => {
  const deed = await post(`/api/incidents/${encodeURIComponent(id)}/acknowledge`, {});
  return deed.state === 'committed' ? { ...deed, message: 'Acknowledged' } : deed;
};

const isDone = (deed: Deed | undefined): boolean => deed?.state === 'committed';
const isFailed = (deed: Deed | undefined): boolean => deed?.state === 'failed';

/**
 * Names what is selected, and acknowledges it one by one: each is shown as done once it is
 * committed.
 */
export function AcknowledgeDialog(props: {
  incidents: readonly NowIncidentDto[];
  close(): void;
  done(ids: readonly string[]): void;
}) {
  const { close, done } = props;
  // What is done leaves the selection, and stays listed here.
  const [incidents] = useState(props.incidents);
  const [deeds, setDeeds] = useState<Outcomes<Deed>>(new Map());
  const [isRunning, setRunning] = useState(false);
  const isOver = useRef(false);
  const left = incidents.filter(({ id }) => !isDone(deeds.get(id)));
  const failed = incidents.filter(({ id }) => isFailed(deeds.get(id)));
  const run = async (): Promise<void> => {
    isOver.current = false;
    setRunning(true);
    let drawnAt = 0;
    const told = (outcomes: Outcomes<Deed>): void => {
      if (performance.now() - drawnAt < drawnEveryMs && incidents.length > mostListed) return;
      drawnAt = performance.now();
      setDeeds((before) => new Map([...before, ...outcomes]));
    };
    const ids = left.map(({ id }) => id);
    const outcomes = await acknowledgeAll(ids, { told, isOver: () => isOver.current, send });
    setDeeds((before) => new Map([...before, ...outcomes]));
    setRunning(false);
    const committed = ids.filter((id) => isDone(outcomes.get(id)));
    done(committed);
    if (committed.length === ids.length) say(`${ids.length} acknowledged, committed`);
    else sayNow(`${ids.length - committed.length} of ${ids.length} not acknowledged`);
    await askAgain('/api/');
  };
  const stop = (): void => {
    isOver.current = true;
  };
  const title = `Acknowledge ${incidents.length} ${incidents.length === 1 ? 'incident' : 'incidents'}`;
  return (
    <Dialog
      title={title}
      close={() => {
        stop();
        close();
      }}
      class="acknowledge"
    >
      <p>You take them: nobody else is paged about them until your acknowledgement ends.</p>
      <ul class="stack">
        {incidents.slice(0, mostListed).map((incident) => (
          <Chosen key={incident.id} incident={incident} deed={deeds.get(incident.id)} />
        ))}
      </ul>
      {incidents.length > mostListed ? <p class="dim">and {incidents.length - mostListed} more</p> : null}
      {deeds.size === 0 || incidents.length <= mostListed ? null : (
        <p class={`note ${failed.length > 0 ? 'warn' : ''}`}>
          {incidents.length - left.length} of {incidents.length} acknowledged, committed; {left.length} not
          {failed.length === 0 ? '' : `, ${failed.length} of them because it failed`}.
        </p>
      )}
      {failed.length === 0 || incidents.length <= mostListed ? null : (
        <ul class="stack">
          {failed.slice(0, mostListed).map((incident) => (
            <Chosen key={incident.id} incident={incident} deed={deeds.get(incident.id)} />
          ))}
        </ul>
      )}
      <div class="answers">
        {isRunning ? (
          <button type="button" class="button" onClick={stop}>
            Stop
          </button>
        ) : (
          <button type="button" class="button" autofocus onClick={close}>
            {left.length === 0 || deeds.size > 0 ? 'Close' : 'Cancel'}
          </button>
        )}
        {left.length === 0 ? null : (
          <button
            type="button"
            class="button first"
            aria-disabled={isRunning}
            onClick={() => (isRunning ? undefined : void run())}
          >
            {isRunning ? 'Sending acknowledge…' : `Acknowledge ${left.length}`}
          </button>
        )}
      </div>
    </Dialog>
  );
}

function Chosen({ incident, deed = { state: 'idle' } }: { incident: NowIncidentDto; deed?: Deed | undefined }) {
  const { title, severity, paged } = incident;
  return (
    <li class="row">
      <Mark kind={severity === 'info' ? 'ok' : severity} alone />
      <span>{title}</span>
      <span class="small dim">{paged.length === 0 ? '' : `${paged.join(', ')} paged`}</span>
      {deed.state === 'sending' ? <span class="small dim">Sending acknowledge…</span> : null}
      <DeedOutcome name="acknowledge" deed={deed} />
    </li>
  );
}
