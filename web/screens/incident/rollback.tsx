import type { IncidentDetailDto } from '../../../http/api/dto/incident-detail.ts';
import { now } from '../../data/clock.ts';
import { durationText } from '../../frame/zone.ts';
import { Tag } from '../../parts/mark.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Time } from '../../parts/time.tsx';
import { asking } from './asking.ts';

const looks = {
  inspecting: ['none', 'asking'],
  offered: ['warn', 'offered'],
  refused: ['none', 'refused'],
  running: ['unsure', 'running'],
  confirming: ['unsure', 'running'],
  verifying: ['unsure', 'not proven yet'],
  succeeded: ['good', 'proven'],
  failed: ['critical', 'failed'],
} as const;

/** What was rolled back, and what proves that it helped. */
export function Rollback({ detail: { incident, proof, actions } }: { detail: IncidentDetailDto }) {
  const { rollback } = incident;
  if (rollback === undefined) return null;
  const { state, from, to, deployment, reason, at } = rollback;
  const [kind, word] = looks[state];
  const passed = now.value - Date.parse(at);
  const watch = proof?.watchMs;
  return (
    <Panel title="Rollback" class="rollback" end={<Tag kind={kind}>{word}</Tag>}>
      <div class="in">
        <p>
          {from === undefined || to === undefined ? (
            deployment
          ) : (
            <>
              <span class="mono">{from}</span> → <b class="mono">{to}</b>
            </>
          )}
          , <Time at={at} />
        </p>
        <p class="small dim">
          {proof?.state === 'awaited' ? (
            <>
              Proven when “{proof.alert}” ends
              {proof.until === undefined ? null : (
                <>
                  ; called failed at <Time at={proof.until} />
                </>
              )}
              .{proof.unproven === undefined ? '' : ` So far unproven: ${proof.unproven}.`}
            </>
          ) : (
            `${reason}.`
          )}
        </p>
        {state === 'offered' && actions.some(({ name, allowed }) => name === 'rollback' && allowed) ? (
          <p class="ask-rollback no-print">
            <button
              type="button"
              onClick={() => {
                asking.value = 'rollback';
              }}
            >
              Roll back…
            </button>
          </p>
        ) : null}
        {proof?.state === 'awaited' && watch !== undefined ? (
          <>
            <progress max={watch} value={Math.min(watch, Math.max(0, passed))} aria-label="How much of the watch has passed" />
            <p class="small dim3">
              {durationText(Math.min(passed, watch))} of {durationText(watch)}
            </p>
          </>
        ) : null}
      </div>
    </Panel>
  );
}
