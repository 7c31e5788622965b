import { formatPercent, formatValue } from '../../../core/vocabulary/format.ts';
import type { ModelDetailDto, ModelVersionDto } from '../../../http/api/dto/model.ts';
import { Tag } from '../../parts/mark.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Time } from '../../parts/time.tsx';

type Props = Pick<ModelDetailDto, 'versions' | 'model' | 'source'>;

/** Each version: when it served, what came from it, and what it was trained on. */
export function Versions({ versions: { total, shown }, model, source }: Props) {
  return (
    <Panel title="Versions" count={total}>
      {shown.length === 0 ? <p class="in dim">No prediction named a version, and no training was sent.</p> : null}
      <ul>
        {shown.map((one) => (
          <li key={one.version} class="in">
            <Version version={one} model={model} source={source} />
          </li>
        ))}
      </ul>
      {total > shown.length ? <p class="in dim">{total - shown.length} older.</p> : null}
    </Panel>
  );
}

function Version({
  version: { version, serves, served, records, training },
  model,
  source,
}: { version: ModelVersionDto } & Omit<Props, 'versions'>) {
  const features = `/features/${encodeURIComponent(model)}?source=${encodeURIComponent(source)}&version=${encodeURIComponent(version)}`;
  return (
    <>
      <h3 class="row">
        <span class="mono">{version}</span> {serves ? <Tag kind="ok">serves</Tag> : null}{' '}
        <a href={features}>
          its features<span class="vh">: {version}</span>
        </a>
      </h3>
      {served.length === 0 ? null : (
        <p class="small">
          Served{' '}
          {served.map(({ since, until }, index) => (
            <span key={since}>
              {index === 0 ? '' : ', '}
              <Time at={since} /> to {until === undefined ? 'now' : <Time at={until} />}
            </span>
          ))}
          .
        </p>
      )}
      <p class="dim small">
        {records === undefined ? (
          'None of its predictions are kept.'
        ) : (
          <>
            {records.predictions} predictions from <Time at={records.from} /> to <Time at={records.to} />,{' '}
            {records.predictions === 0 ? '–' : formatPercent(records.labelled / records.predictions)} with a label.
          </>
        )}
      </p>
      {training === undefined ? (
        <p class="dim small">No training profile was sent.</p>
      ) : (
        <details>
          <summary>
            Trained on {training.dataset}: {training.rows} rows to <Time at={training.trainedAt} />
          </summary>
          <TrainingTable training={training} />
        </details>
      )}
    </>
  );
}

function TrainingTable({
  training: { metrics, features, by, storedAt },
}: {
  training: NonNullable<ModelVersionDto['training']>;
}) {
  const named = Object.entries(metrics).map(([name, { value }]) => `${name.replaceAll('_', ' ')} ${formatValue(value)}`);
  return (
    <>
      <p class="small">{named.length === 0 ? 'Without predictions, so without metrics.' : `${named.join(', ')}.`}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard. */}
      <div class="scroll" tabIndex={0} role="region" aria-label="Features of the training">
        <table>
          <thead>
            <tr>
              <th scope="col">Feature</th>
              <th scope="col">Kind</th>
              <th scope="col" class="num">
                Values
              </th>
              <th scope="col" class="num">
                Null
              </th>
            </tr>
          </thead>
          <tbody>
            {Object.entries(features)
              .slice(0, 60)
              .map(([name, { kind, seen, nulls }]) => (
                <tr key={name}>
                  <td class="mono">{name}</td>
                  <td>{kind}</td>
                  <td class="num">{seen - nulls}</td>
                  <td class="num">{seen === 0 ? '–' : formatPercent(nulls / seen)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
      <p class="dim small">
        Sent by {by}, <Time at={storedAt} />.
      </p>
    </>
  );
}
