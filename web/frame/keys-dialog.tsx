import { Dialog } from '../parts/dialog.tsx';
import { keysNow, letters } from './keys.ts';

const names: Readonly<Record<string, string>> = { enter: 'Enter', arrowleft: '←', arrowright: '→' };
const keyText = (key: string): string => names[key] ?? key.toUpperCase();

/** All keys that do something here. */
export function KeysDialog({ close }: { close(): void }) {
  return (
    <Dialog title="Keys" close={close}>
      {keysNow().map(({ name, keys }) => (
        <section key={name}>
          <h3>{name}</h3>
          <div class="key-list">
            {Object.entries(keys).map(([key, { text }]) => [
              <kbd key={key}>{keyText(key)}</kbd>,
              <span key={`${key}-text`}>{text}</span>,
            ])}
          </div>
        </section>
      ))}
      <label class="row">
        <input
          type="checkbox"
          checked={letters.value === 'on'}
          onChange={({ currentTarget }) => {
            letters.value = currentTarget.checked ? 'on' : 'off';
          }}
        />
        Single letters do something
      </label>
      <div class="answers">
        <button type="button" autofocus onClick={close}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
