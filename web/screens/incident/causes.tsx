import { useState } from 'preact/hooks';
import type { IncidentDetailDto } from '../../../http/api/dto/incident-detail.ts';
import { Panel } from '../../parts/panel.tsx';

/** Likeliest first. A new order waits: what somebody reads does not move. */
export function Causes({ detail: { incident } }: { detail: IncidentDetailDto }) {
  const { causes, alerts } = incident;
  const order = causes.map(({ fingerprint }) => fingerprint);
  const [shownOrder, setShown] = useState(order);
  const isSame = order.length === shownOrder.length && order.every((one) => shownOrder.includes(one));
  const hasMoved = isSame && order.some((one, index) => one !== shownOrder[index]);
  const shown = hasMoved ? shownOrder.flatMap((one) => causes.find(({ fingerprint }) => fingerprint === one) ?? []) : causes;
  if (causes.length === 0) return null;
  const ruleOf = (fingerprint: string): string | undefined => alerts.find((one) => one.fingerprint === fingerprint)?.rule;
  return (
    <Panel
      title="Likely causes"
      end={
        hasMoved ? (
          <button type="button" class="button quiet" onClick={() => setShown(order)}>
            Causes have changed, show
          </button>
        ) : (
          'likeliest first'
        )
      }
    >
      <ol class="causes">
        {shown.map(({ fingerprint, title, where, reasons }) => {
          const rule = ruleOf(fingerprint);
          return (
            <li key={fingerprint}>
              <p>
                <b>{title}</b> {where === undefined ? null : <span class="dim">{where}</span>}
              </p>
              {reasons.length === 0 ? null : (
                <ul class="small dim reasons">
                  {reasons.map((reason) => (
                    <li key={reason}>{reason}</li>
                  ))}
                </ul>
              )}
              {rule === undefined ? null : <a href={`/rules/${encodeURIComponent(rule)}`}>Rule</a>}
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
