import type { ModelDetailDto } from '../../../http/api/dto/model.ts';
import { Panel } from '../../parts/panel.tsx';
import { Time } from '../../parts/time.tsx';

/** What people took for the new normal of a feature. */
export function Accepted({ accepted: { total, shown } }: Pick<ModelDetailDto, 'accepted'>) {
  return (
    <Panel title="Baselines accepted" count={total}>
      {shown.length === 0 ? <p class="in dim">Nobody has accepted a drifted feature as its normal.</p> : null}
      <ul>
        {shown.map(({ rule, labels, by, at, comment, values }) => (
          <li key={`${rule} ${JSON.stringify(labels)}`} class="in">
            <p>
              <b class="mono">{labels['feature'] ?? rule}</b> by {by}, <Time at={at} />
            </p>
            <p class="dim small">
              {comment}; {values} values; for <a href={`/rules/${encodeURIComponent(rule)}`}>{rule}</a>
            </p>
          </li>
        ))}
      </ul>
      {total > shown.length ? <p class="in dim">{total - shown.length} older.</p> : null}
    </Panel>
  );
}
