import type { SilencePreviewDto } from '../../http/api/dto/silence.ts';
import type { Answer } from '../data/answer.ts';
import { labelsText } from './labels-text.ts';
import { Mark } from './mark.tsx';
import { Time } from './time.tsx';

/** What a silence would mute if it were made now. */
export function WouldMatch({ answer }: { answer: Answer<SilencePreviewDto> }) {
  const { value, fault } = answer;
  if (fault !== undefined) return <p class="small t-critical">{fault.text}.</p>;
  if (value === undefined) return <p class="small dim">Looking…</p>;
  const { matchedNow, firingNow, alerts, hints } = value;
  return (
    <>
      <p class="strong">{firingNow === 0 ? 'No alert fires now.' : matchText(matchedNow, firingNow)}</p>
      {hints.map((hint) => (
        <p key={hint} class="small t-warn">
          {hint}.
        </p>
      ))}
      <ul class="small">
        {alerts.slice(0, 10).map(({ fingerprint, rule, labels, severity, since, incident, mutedBy }) => (
          <li key={fingerprint} class="row">
            <Mark kind={severity === 'info' ? 'ok' : severity} alone />
            {incident === undefined ? rule : <a href={`/incidents/${encodeURIComponent(incident)}`}>{rule}</a>}
            <span class="dim">
              {labelsText(labels)}, since <Time at={since} />
              {/* No empty text: it would be written again, and all of it read again, with every key in a field nearby. */}
              {mutedBy === undefined ? null : `, already muted by ${mutedBy}`}
            </span>
          </li>
        ))}
        {matchedNow > 10 ? <li class="dim">and {matchedNow - 10} more</li> : null}
      </ul>
    </>
  );
}

function matchText(matched: number, firing: number): string {
  if (firing === 1)
    return matched === 1 ? 'It matches the one alert that fires now.' : 'It does not match the one alert that fires now.';
  return `It matches ${matched === 0 ? 'none' : matched === firing ? 'all' : matched} of the ${firing} alerts that fire now.`;
}
