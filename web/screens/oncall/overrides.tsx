import { nameOfActor } from '../../../core/vocabulary/actor.ts';
import type { OverrideDto } from '../../../http/api/dto/override.ts';
import { now } from '../../data/clock.ts';
import { useDeed } from '../../data/deed.ts';
import { timeText } from '../../frame/zone.ts';
import { DeedButton, DeedOutcome } from '../../parts/deed-button.tsx';
import { useMay } from '../../parts/if-may.tsx';

/** Overrides that have not ended, each with a way to end it. */
export function Overrides({ overrides, zone }: { overrides: readonly OverrideDto[]; zone: string }) {
  if (overrides.length === 0) return <p class="dim">No override; the rotation holds.</p>;
  return (
    <ul class="stack tight">
      {overrides.map((one) => (
        <OneOverride key={one.id} override={one} zone={zone} />
      ))}
    </ul>
  );
}

function OneOverride({ override, zone }: { override: OverrideDto; zone: string }) {
  const { id, schedule, assignee, from, until, by, comment } = override;
  const doing = useDeed(['/api/oncall']);
  const text = (time: string): string => timeText(Date.parse(time), now.value, zone);
  const begun = Date.parse(from) <= now.value;
  return (
    <li>
      <div class="row">
        <span>
          <b>{assignee}</b> for {schedule}, {begun ? 'until' : `${text(from)} to`} {text(until)}
        </span>
        {useMay('override oneself') ? (
          <DeedButton
            name="end"
            deed={doing.deed}
            look=""
            run={() => void doing.run(`/api/overrides/${encodeURIComponent(id)}/end`)}
          >
            {begun ? 'End' : 'Cancel'}
            <span class="vh">
              {' '}
              the override of {assignee} for {schedule}
            </span>
          </DeedButton>
        ) : null}
      </div>
      <p class="small dim">
        by {nameOfActor(by)}: {comment}
      </p>
      <DeedOutcome name="end" deed={doing.deed} />
    </li>
  );
}
