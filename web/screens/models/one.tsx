import { useLocation } from 'preact-iso/router';
import type { ModelDetailDto } from '../../../http/api/dto/model.ts';
import { useAnswer } from '../../data/answer.ts';
import { useTitle } from '../../frame/title.ts';
import { Mark } from '../../parts/mark.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Shown } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { Accepted } from './accepted.tsx';
import { Quality } from './quality.tsx';
import { Versions } from './versions.tsx';
import { concernsModels, modelSentence } from './words.ts';

/** How good is it, what serves, what was it trained on, and what watches it? */
export function OneModel({ model }: { model: string }) {
  const { query } = useLocation();
  const from = query['source'] === undefined ? '' : `?source=${encodeURIComponent(query['source'])}`;
  const answer = useAnswer<ModelDetailDto>(`/api/models/${encodeURIComponent(model)}${from}`, concernsModels);
  const headline = answer.value === undefined ? model : modelSentence(answer.value);
  useTitle(headline);
  const found = answer.value;
  return (
    <>
      <p class="row small">
        <a href="/models">Models</a> <span class="dim3">/</span> <b>{model}</b>
      </p>
      <h1>{headline}</h1>
      {found === undefined ? null : (
        <p class="lede">
          {found.serves === undefined ? null : (
            <>
              <b>{found.serves.version}</b> serves since <Time at={found.serves.since} />, {howText(found.serves)}.{' '}
            </>
          )}
          {found.incidents.total === 0
            ? 'No incident about it is open. '
            : `${found.incidents.total} ${found.incidents.total === 1 ? 'incident' : 'incidents'} about it ${found.incidents.total === 1 ? 'is' : 'are'} open. `}
          {found.features === 0 ? (
            'It keeps no profiles of features.'
          ) : (
            <a href={`/features/${encodeURIComponent(model)}${from}`}>{found.features} features</a>
          )}
        </p>
      )}
      <Shown answer={answer} what={model} lines={10}>
        {(one) => (
          <div class="columns">
            <div class="stack">
              <Quality quality={one.quality} />
              <Versions versions={one.versions} model={model} source={one.source} />
            </div>
            <div class="stack">
              <Incidents incidents={one.incidents} />
              <Rules rules={one.rules} />
              <Accepted accepted={one.accepted} />
            </div>
          </div>
        )}
      </Shown>
    </>
  );
}

const howText = ({ how, by }: NonNullable<ModelDetailDto['serves']>): string =>
  how === 'promoted' ? `promoted by ${by}` : how === 'rolled back' ? 'after a rollback' : 'by its first traffic';

function Incidents({ incidents: { total, shown } }: Pick<ModelDetailDto, 'incidents'>) {
  return (
    <Panel title="Open incidents" count={total}>
      {shown.length === 0 ? <p class="in dim">None about this model.</p> : null}
      <ul>
        {shown.map(({ id, title, severity, since }) => (
          <li key={id} class="in row">
            <Mark kind={severity === 'info' ? 'ok' : severity} alone />
            <a href={`/incidents/${encodeURIComponent(id)}`}>{title}</a>
            <span class="dim">
              since <Time at={since} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const healthMarks = {
  critical: 'critical',
  warn: 'warn',
  error: 'none',
  'no data': 'none',
  'insufficient evidence': 'unsure',
  starting: 'unsure',
  ok: 'ok',
} as const;

function Rules({ rules: { total, shown } }: Pick<ModelDetailDto, 'rules'>) {
  return (
    <Panel title="Rules" count={total}>
      {shown.length === 0 ? <p class="in dim">No rule watches this model. docs/quickstart.md has a first one.</p> : null}
      <ul>
        {shown.map(({ rule, title, health, reason }) => (
          <li key={rule} class="in">
            <p class="row">
              <Mark kind={healthMarks[health]} />
              <a href={`/rules/${encodeURIComponent(rule)}`}>{title}</a> <span class="dim">{health}</span>
            </p>
            {reason === undefined ? null : <p class="dim small">{reason}</p>}
          </li>
        ))}
      </ul>
      {total > shown.length ? <p class="in dim">{total - shown.length} more, none of them worse.</p> : null}
    </Panel>
  );
}
