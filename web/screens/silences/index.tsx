import { Fragment } from 'preact';
import { useLocation } from 'preact-iso/router';
import { nameOfActor } from '../../../core/vocabulary/actor.ts';
import type { SilenceDto, SilencePreviewDto } from '../../../http/api/dto/silence.ts';
import { useAnswer } from '../../data/answer.ts';
import { useDeed } from '../../data/deed.ts';
import { useFound } from '../../data/found.ts';
import { useKeys } from '../../frame/keys.ts';
import { useTitle } from '../../frame/title.ts';
import { DeedButton, DeedOutcome } from '../../parts/deed-button.tsx';
import { useMay } from '../../parts/if-may.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Shown } from '../../parts/states.tsx';
import { Countdown, Time } from '../../parts/time.tsx';
import { NewSilence } from './new-silence.tsx';
import { Routing } from './routing.tsx';
import { WhoIsPaged } from './who-is-paged.tsx';

/** What is silenced, what would a silence match, and who would be paged? */
export default function Silences() {
  const { query } = useLocation();
  const answer = useAnswer<{ silences: SilenceDto[] }>('/api/silences', ({ kind }) => kind === 'silences');
  const headline = headlineOf(answer.value?.silences);
  useTitle(headline);
  useKeys('Silences and routes', {
    s: { text: 'Silence alerts', asks: true, run: () => document.querySelector<HTMLElement>('.mono.full')?.focus() },
  });
  return (
    <>
      <h1>{headline}</h1>
      <p class="lede">
        A silence withholds pages and hides nothing: its alerts are judged and shown. When it ends, what still fires pages.
      </p>
      <div class="halves">
        <div class="stack">
          <NewSilence key={query['match'] ?? ''} first={query['match'] ?? ''} />
          <Shown answer={answer} what="silences" lines={3}>
            {({ silences }) => (
              <Panel title="Silences" class={silences.length === 0 ? '' : 'in-force'} count={silences.length}>
                {silences.length === 0 ? (
                  <p class="in dim">None. Every alert that fires pages, unless a route or a mute timing says otherwise.</p>
                ) : (
                  <ul>
                    {silences.map((silence) => (
                      <OneSilence key={silence.id} silence={silence} />
                    ))}
                  </ul>
                )}
              </Panel>
            )}
          </Shown>
        </div>
        <div class="stack">
          <WhoIsPaged />
          <Routing />
        </div>
      </div>
    </>
  );
}

function headlineOf(silences: readonly SilenceDto[] | undefined): string {
  if (silences === undefined) return 'Silences and routes';
  const [first] = silences;
  if (first === undefined) return 'Nothing is silenced.';
  if (silences.length === 1) return `${first.match.join(', ')} is silenced by ${nameOfActor(first.by)}.`;
  return `${silences.length} silences are in force.`;
}

function OneSilence({ silence }: { silence: SilenceDto }) {
  const { id, match, until, by, comment } = silence;
  const doing = useDeed(['/api/silences', '/api/routes']);
  const hides = useFound<SilencePreviewDto>('/api/silence-preview', { match });
  return (
    <li class="in">
      <div class="row">
        <code>{match.join(', ')}</code>
        <span class="end-of-row">
          {useMay('end a silence') ? (
            <DeedButton name="end" deed={doing.deed} run={() => void doing.run(`/api/silences/${encodeURIComponent(id)}/end`)}>
              End<span class="vh"> the silence of {match.join(', ')}</span>
            </DeedButton>
          ) : null}
        </span>
      </div>
      <p class="small dim">
        until <Time at={until} /> (<Countdown to={until} told={`The silence of ${match.join(', ')} ends`} />
        ), by {nameOfActor(by)}: {comment}
      </p>
      <Mutes found={hides.value} />
      <DeedOutcome name="end" deed={doing.deed} />
    </li>
  );
}

/** Which alerts that fire now page nobody because of it. */
function Mutes({ found }: { found: SilencePreviewDto | undefined }) {
  if (found === undefined) return null;
  const { matchedNow, alerts } = found;
  if (matchedNow === 0) return <p class="small dim">It mutes nothing now: no alert that it matches fires.</p>;
  return (
    <p class="small">
      It mutes now:{' '}
      {alerts.slice(0, 5).map(({ fingerprint, rule, severity, incident }, place) => (
        <Fragment key={fingerprint}>
          {place === 0 ? '' : ', '}
          {incident === undefined ? rule : <a href={`/incidents/${encodeURIComponent(incident)}`}>{rule}</a>} ({severity})
        </Fragment>
      ))}
      {matchedNow > 5 ? ` and ${matchedNow - 5} more` : ''}.
    </p>
  );
}
