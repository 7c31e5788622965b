import { useState } from 'preact/hooks';
import type { IncidentDetailDto } from '../../../http/api/dto/incident-detail.ts';
import type { SilencePreviewDto } from '../../../http/api/dto/silence.ts';
import type { Deed } from '../../data/deed.ts';
import { useFound } from '../../data/found.ts';
import { useChecked } from '../../parts/checked-form.tsx';
import { notDone, WhyFailed } from '../../parts/deed-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { WouldMatch } from '../../parts/would-match.tsx';

type Asked = { close(): void };
type Detail = { detail: IncidentDetailDto };

/** Runs a deed, and closes once it is committed; a failure stays in the dialog. */
function useAnswering(close: () => void) {
  const [deed, setDeed] = useState<Deed>({ state: 'idle' });
  const answer = async (work: () => Promise<Deed>): Promise<void> => {
    setDeed({ state: 'sending' });
    const result = await work();
    setDeed(result);
    if (result.state === 'committed') close();
  };
  return { deed, answer };
}

function Failure({ deed }: { deed: Deed }) {
  return deed.state === 'failed' ? (
    <p class="note critical">
      {notDone(deed)}: <WhyFailed deed={deed} />
    </p>
  ) : null;
}

/**
 * It changes what is served: names from, to, effect and watch. The focus starts on the harmless
 * answer.
 */
export function RollbackDialog({ detail, close, run }: Asked & Detail & { run(): Promise<Deed> }) {
  const { deed, answer } = useAnswering(close);
  const { rollback, alerts } = detail.incident;
  const name = alerts.find((alert) => alert.rollback !== undefined && alert.state !== 'resolved')?.rollback;
  const { from, to, deployment = name ?? 'it', reason } = rollback ?? {};
  return (
    <Dialog title={`Roll ${deployment} back?`} close={close}>
      <dl class="facts">
        <dt>From</dt>
        <dd class="mono">{from ?? 'what serves now'}</dd>
        <dt>To</dt>
        <dd class="mono">{to ?? 'the last version known to be good'}</dd>
        <dt>Effect</dt>
        <dd>All traffic of {deployment} is returned to that version, at once.</dd>
        <dt>Watch</dt>
        <dd>Recovery is watched. If the alert does not end, the rollback is called failed, and the next tier is paged.</dd>
        {reason === undefined || rollback?.state === 'offered' ? null : (
          <>
            <dt>So far</dt>
            <dd>{reason}</dd>
          </>
        )}
      </dl>
      <Failure deed={deed} />
      <div class="answers">
        <button type="button" autofocus onClick={close}>
          Leave it
        </button>
        <button type="button" class="button danger" aria-disabled={deed.state === 'sending'} onClick={() => void answer(run)}>
          {deed.state === 'sending' ? 'Sending roll back…' : 'Roll back'}
        </button>
      </div>
    </Dialog>
  );
}

/** While alerts fire it says which, and that it comes back. */
export function ResolveDialog({ detail, close, run }: Asked & Detail & { run(body: object): Promise<Deed> }) {
  const { deed, answer } = useAnswering(close);
  const firing = detail.incident.alerts.filter(({ state, severity }) => state === 'firing' && severity !== 'info');
  return (
    <Dialog title={firing.length === 0 ? 'Resolve it?' : 'Resolve although alerts fire?'} close={close}>
      {firing.length === 0 ? (
        <p>Nothing fires. It ends, and everybody who was paged is told.</p>
      ) : (
        <>
          <ul>
            {firing.slice(0, 5).map(({ fingerprint, title, reason, severity }) => (
              <li key={fingerprint}>
                {severity}: <b>{title}</b> <span class="dim">{reason}</span>
              </li>
            ))}
            {firing.length > 5 ? <li>and {firing.length - 5} more</li> : null}
          </ul>
          <p>It comes back after a while if they go on, and at once if they get worse. A silence keeps quiet what is known.</p>
        </>
      )}
      <Failure deed={deed} />
      <div class="answers">
        <button type="button" autofocus onClick={close}>
          Leave it open
        </button>
        <button
          type="button"
          class="button danger"
          aria-disabled={deed.state === 'sending'}
          onClick={() => void answer(() => run(firing.length === 0 ? {} : { force: true }))}
        >
          {deed.state === 'sending' ? 'Sending resolve…' : firing.length === 0 ? 'Resolve' : 'Resolve anyway'}
        </button>
      </div>
    </Dialog>
  );
}

export function NoteDialog({ close, run }: Asked & { run(body: object): Promise<Deed> }) {
  const { deed, answer } = useAnswering(close);
  const [text, setText] = useState('');
  const { field, error, idOf, passes } = useChecked({ text: text.trim() === '' ? 'Write something first.' : undefined });
  return (
    <Dialog title="Note" close={close}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (passes()) void answer(() => run({ text: text.trim() }));
        }}
      >
        <label for={idOf('text')}>What you found out or did; it goes on the timeline.</label>
        <textarea
          {...field('text')}
          autofocus
          rows={3}
          maxLength={1000}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        {error('text')}
        <Failure deed={deed} />
        <div class="answers">
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="button first" aria-disabled={deed.state === 'sending'}>
            {deed.state === 'sending' ? 'Sending note…' : 'Note'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

const hours = [1, 2, 4, 8, 12, 24] as const;
const hourMs = 3_600_000;

/** Withholds pages of what matches; by default of the alert in the sentence. */
export function SilenceDialog({ detail, close, run }: Asked & Detail & { run(body: object): Promise<Deed> }) {
  const { deed, answer } = useAnswering(close);
  const { alerts, groupLabels } = detail.incident;
  const lead = alerts.find(({ fingerprint }) => fingerprint === detail.headline.fingerprint) ?? alerts[0];
  const group = Object.fromEntries(Object.entries(groupLabels).filter(([, value]) => value !== ''));
  const choices = [
    { text: `This alert: ${textOf(lead?.labels ?? {})}`, match: lead?.labels ?? {} },
    { text: `The whole group: ${textOf(group)}`, match: group },
  ].filter(({ match }) => Object.keys(match).length > 0);
  const [chosen, choose] = useState(0);
  const [forHours, setHours] = useState<number>(hours[0]);
  const [comment, setComment] = useState('');
  const { field, error, idOf, passes } = useChecked({
    why: comment.trim() === '' ? 'Say why: others read it while it lasts.' : undefined,
  });
  const match = choices[chosen]?.match;
  const preview = useFound<SilencePreviewDto>('/api/silence-preview', match && { match });
  return (
    <Dialog title="Silence" close={close}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (match !== undefined && passes())
            void answer(() => run({ match, durationMs: forHours * hourMs, comment: comment.trim() }));
        }}
      >
        <fieldset class="stack">
          <legend>Pages are withheld of</legend>
          {choices.map(({ text }, index) => (
            <label key={text} class="pick-one">
              <input type="radio" name="match" checked={chosen === index} onChange={() => choose(index)} /> <span>{text}</span>
            </label>
          ))}
        </fieldset>
        <div role="status" class="would-match">
          <WouldMatch answer={preview} />
        </div>
        <label class="row">
          For{' '}
          <select value={forHours} onChange={(event) => setHours(Number(event.currentTarget.value))}>
            {hours.map((one) => (
              <option key={one} value={one}>
                {one} h
              </option>
            ))}
          </select>
        </label>
        <label for={idOf('why')}>Why, for the others</label>
        <input {...field('why')} value={comment} maxLength={200} onInput={(event) => setComment(event.currentTarget.value)} />
        {error('why')}
        <Failure deed={deed} />
        <div class="answers">
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="button first" aria-disabled={deed.state === 'sending'}>
            {deed.state === 'sending' ? 'Sending silence…' : 'Silence'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

const textOf = (labels: Record<string, string>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
