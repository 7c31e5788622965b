import { useId, useState } from 'preact/hooks';
import type { SilencePreviewDto } from '../../../http/api/dto/silence.ts';
import { useDeed } from '../../data/deed.ts';
import { useFound } from '../../data/found.ts';
import { useChecked } from '../../parts/checked-form.tsx';
import { DeedButton, DeedOutcome } from '../../parts/deed-button.tsx';
import { IfMay, useMay } from '../../parts/if-may.tsx';
import { Panel } from '../../parts/panel.tsx';
import { WouldMatch } from '../../parts/would-match.tsx';
import { readDuration } from './labels.ts';

/** A new silence, with what it would match before it is made. */
export function NewSilence({ first }: { first: string }) {
  const [match, setMatch] = useState(first);
  const [length, setLength] = useState('2h');
  const [comment, setComment] = useState('');
  const ids = { why: useId(), hint: useId() };
  const doing = useDeed(['/api/silences', '/api/routes']);
  const may = useMay('silence');
  const preview = useFound<SilencePreviewDto>('/api/silence-preview', match.trim() === '' ? undefined : { match });
  const durationMs = readDuration(length);
  const { field, error, idOf, passes } = useChecked({
    match: match.trim() === '' ? 'Say which alerts, such as model="churn".' : preview.fault && `${preview.fault.text}.`,
    length: durationMs === undefined ? 'Write a time such as 2h, 90m or 1d.' : undefined,
  });
  const send = async (): Promise<void> => {
    if (!may || !passes()) return;
    const done = await doing.run('/api/silences', { match, durationMs, comment }, 'Silenced');
    if (done.state === 'committed') setMatch('');
  };
  return (
    <Panel title="Silence alerts">
      <form
        class="in stack"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <div>
          <label for={idOf('match')}>Alerts with all of</label>
          <input
            {...field('match', ids.hint)}
            class="full mono"
            value={match}
            spellcheck={false}
            autocomplete="off"
            placeholder={'model="churn", severity!="critical"'}
            onInput={({ currentTarget }) => setMatch(currentTarget.value)}
          />
          {preview.fault === undefined ? error('match') : null}
        </div>
        <div id={ids.hint} role="status">
          {match.trim() === '' ? (
            <p class="small dim">Matchers as in Alertmanager: =, !=, =~ and !~. rule, category and severity are labels, too.</p>
          ) : (
            <WouldMatch answer={preview} />
          )}
        </div>
        <IfMay permission="silence" what="silence alerts">
          <div class="row">
            <label for={idOf('length')}>For</label>
            <input
              {...field('length')}
              class="short"
              value={length}
              onInput={({ currentTarget }) => setLength(currentTarget.value)}
            />
            <label for={ids.why}>because</label>
            <input
              id={ids.why}
              class="grow"
              value={comment}
              maxLength={1000}
              placeholder="the feed is being moved"
              onInput={({ currentTarget }) => setComment(currentTarget.value)}
            />
          </div>
          {error('length')}
          {/* Enter in a field sends the form. */}
          <input type="submit" hidden />
          <div class="row">
            <DeedButton name="silence" deed={doing.deed} look="first" run={() => void send()}>
              Silence <kbd>S</kbd>
            </DeedButton>
            <DeedOutcome name="silence" deed={doing.deed} />
          </div>
        </IfMay>
      </form>
    </Panel>
  );
}
