import { useId } from 'preact/hooks';
import { letters } from '../../frame/keys.ts';
import { zone, zoneShown, zones } from '../../frame/zone.ts';
import { Panel } from '../../parts/panel.tsx';

/** Choices that are kept in this browser alone. */
export function ThisBrowser() {
  const [keys, times] = [useId(), useId()];
  return (
    <Panel title="This browser">
      <div class="in stack tight">
        <label class="row" for={keys}>
          <input
            id={keys}
            type="checkbox"
            checked={letters.value === 'on'}
            onChange={({ currentTarget }) => {
              letters.value = currentTarget.checked ? 'on' : 'off';
            }}
          />
          Single letters are keys
        </label>
        <p class="small dim">Turn them off if you speak to this device, or press letters by accident.</p>
        <label for={times}>Times in</label>
        <select
          id={times}
          value={zoneShown.value.choice}
          onChange={({ currentTarget }) => {
            zone.value = zones.value.find(({ choice }) => choice === currentTarget.value)?.choice ?? 'UTC';
          }}
        >
          {zones.value.map(({ choice, text }) => (
            <option key={choice} value={choice}>
              {text}
              {choice === 'own' ? ', your own' : ''}
            </option>
          ))}
        </select>
      </div>
    </Panel>
  );
}
