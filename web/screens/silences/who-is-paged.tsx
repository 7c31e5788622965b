import { useId } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { RouteMatchDto } from '../../../http/api/dto/route.ts';
import { useFound } from '../../data/found.ts';
import { instantOf, weekdayOf } from '../../frame/wall-clock.ts';
import { durationText, zoneName } from '../../frame/zone.ts';
import { Mark } from '../../parts/mark.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Time } from '../../parts/time.tsx';
import { readLabels } from './labels.ts';

type Matched = RouteMatchDto['routes'][number];

/** Who would be paged about an alert with these labels if it fired now, and what would mute it. */
export function WhoIsPaged() {
  const { query, path, route } = useLocation();
  const [field, hint] = [useId(), useId()];
  const text = query['labels'] ?? '';
  const labels = readLabels(text);
  const isAsked = labels !== undefined && Object.keys(labels).length > 0;
  const when = query['when'] ?? '';
  const at = when === '' ? undefined : instantOf(when, zoneName());
  const found = useFound<RouteMatchDto>(
    '/api/routes/match',
    isAsked ? { labels, ...(at !== undefined && { at: new Date(at).toISOString() }) } : undefined,
  );
  const show = (name: 'labels' | 'when', typed: string): void => {
    const next = new URLSearchParams(query);
    if (typed === '') next.delete(name);
    else next.set(name, typed);
    route(`${path}${next.size === 0 ? '' : `?${next}`}`, true);
  };
  return (
    <Panel title="Who would be paged?">
      <div class="in stack">
        <div>
          <label for={field}>Labels of an alert</label>
          <input
            id={field}
            data-filter
            class="full"
            value={text}
            spellcheck={false}
            placeholder="rule=churn-accuracy, or category=drift, severity=warn"
            aria-describedby={hint}
            aria-invalid={labels === undefined}
            onInput={({ currentTarget }) => show('labels', currentTarget.value)}
          />
          <p id={hint} role="status" class={`small ${labels === undefined ? 't-critical' : 'dim'}`}>
            {labels === undefined
              ? 'Write name=value, with a comma between them, and each name once.'
              : 'Nobody is paged, and nothing is stored.'}
          </p>
        </div>
        <label class="row">
          As if it fired at
          <input type="datetime-local" value={when} onChange={({ currentTarget }) => show('when', currentTarget.value)} />
          <span class="small dim">{at === undefined ? 'empty: now' : `${weekdayOf(at, zoneName())}, ${zoneName()}`}</span>
        </label>
        {found.fault === undefined ? null : (
          <p class="t-critical" role="status">
            {found.fault.text}.
          </p>
        )}
        {found.value?.notes.map((note) => (
          <p key={note} class="small dim">
            {note}.
          </p>
        ))}
        <p class="vh" role="status">
          {isAsked
            ? found.value?.routes.map((one) => `${headOf(one)}${one.mutedBy.length === 0 ? '' : ' It would be muted.'}`).join(' ')
            : ''}
        </p>
        {isAsked ? found.value?.routes.map((one) => <OneRoute key={one.severity} route={one} />) : null}
      </div>
    </Panel>
  );
}

/** `critical pages ana, then farid after 15 min.` */
function headOf({ severity, steps, nobody, recorded }: Matched): string {
  if (recorded === true) return `${severity} is recorded and shown, and pages nobody.`;
  if (nobody !== undefined) return `${severity} pages nobody: the route ${nobody.join(' > ')} says so.`;
  const [first] = steps;
  return first === undefined
    ? `${severity} pages nobody for now.`
    : `${severity} pages ${namesOf(first)} ${first.afterMs === 0 ? 'at once' : `after ${durationText(first.afterMs)}`}.`;
}

const namesOf = ({ targets }: Matched['steps'][number]): string =>
  targets
    .map(({ target, unresolved }) => target?.replace(/^channel\//, '#').replace(/^responder\//, '') ?? `nobody (${unresolved})`)
    .join(', ');

function OneRoute({ route }: { route: Matched }) {
  const { severity, steps, mutedBy, policy, looked = [], tell = [] } = route;
  return (
    <section class="matched" aria-label={`${severity} alerts`}>
      <p class="row strong">
        <Mark kind={severity === 'info' ? 'ok' : severity} />
        {headOf(route)}
      </p>
      {mutedBy.length === 0 ? null : (
        <ul class="note warn">
          {mutedBy.map(({ by, text, id, until }) => (
            <li key={`${by} ${id ?? text}`}>
              It would be muted: {text}
              {until === undefined ? '' : ', until '}
              {until === undefined ? null : <Time at={until} />}.
            </li>
          ))}
        </ul>
      )}
      {steps.length === 0 ? null : (
        <table>
          <thead>
            <tr>
              <th scope="col">After</th>
              <th scope="col">Step of {policy}</th>
              <th scope="col">Pages</th>
              <th scope="col" class="wide">
                By
              </th>
            </tr>
          </thead>
          <tbody>
            {steps.map((step) => (
              <tr key={`${step.afterMs} ${step.step}`}>
                <td class="nowrap">{step.afterMs === 0 ? 'at once' : durationText(step.afterMs)}</td>
                <td>{step.step}</td>
                <td>{namesOf(step)}</td>
                <td class="wide dim">{step.targets.flatMap(({ contacts }) => contacts).join(', ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {tell.length === 0 ? null : (
        <p class="small dim">Told, and not paged: {tell.map(({ target, unresolved }) => target ?? unresolved).join(', ')}.</p>
      )}
      {looked.length === 0 ? null : (
        <details>
          <summary class="small">Routes that were looked at: {looked.length}</summary>
          <ul class="small">
            {looked.map(({ path, matched, failed }) => (
              <li key={path.join(' > ')}>
                {path.join(' > ')}: {matched ? 'matches' : `does not match ${failed}`}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
