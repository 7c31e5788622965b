import { useId, useState } from 'preact/hooks';
import type { LinkMadeDto } from '../../../http/api/dto/link.ts';
import { type Deed, post } from '../../data/deed.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { WhyFailed } from '../../parts/deed-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Time } from '../../parts/time.tsx';

const spans = [
  { value: '4h', text: '4 hours' },
  { value: '24h', text: '1 day' },
  { value: '7d', text: '7 days' },
  { value: '30d', text: '30 days' },
] as const;

/**
 * A link for somebody who has no account: it opens this incident alone, read only, until it ends.
 */
export function ShareDialog({ id, close }: { id: string; close(): void }) {
  const [lasts, setLasts] = useState<string>('24h');
  const [deed, setDeed] = useState<Deed>({ state: 'idle' });
  const [made, setMade] = useState<LinkMadeDto>();
  const field = useId();
  const make = async (): Promise<void> => {
    if (deed.state === 'sending') return;
    setDeed({ state: 'sending' });
    const result = await post(`/api/incidents/${encodeURIComponent(id)}/link`, { for: lasts });
    setDeed(result);
    if (result.state === 'committed') setMade(result.body as LinkMadeDto);
  };
  return (
    <Dialog title="Share this incident" close={close}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <p>
          Whoever has the link sees this incident with its chart and timeline, without an account. They see nothing else and can
          change nothing. The audit log says that you made it.
        </p>
        {made === undefined ? (
          <label class="row">
            It ends after{' '}
            <select value={lasts} onChange={({ currentTarget }) => setLasts(currentTarget.value)}>
              {spans.map(({ value, text }) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          </label>
        ) : (
          <div role="status">
            <label for={field}>
              The link, until <Time at={made.until} />; it is shown this once
            </label>
            <input
              id={field}
              class="full mono"
              readonly
              value={made.url}
              onFocus={({ currentTarget }) => currentTarget.select()}
            />
          </div>
        )}
        {deed.state === 'failed' ? (
          <p class="note critical">
            No link was made: <WhyFailed deed={deed} />
          </p>
        ) : null}
        <div class="answers">
          <button type="button" onClick={close}>
            {made === undefined ? 'Cancel' : 'Close'}
          </button>
          {made === undefined ? (
            <button type="submit" class="button first" aria-disabled={deed.state === 'sending'}>
              {deed.state === 'sending' ? 'Making the link…' : 'Make a link'}
            </button>
          ) : (
            <CopyButton text={() => made.url} what="The link">
              Copy link
            </CopyButton>
          )}
        </div>
      </form>
    </Dialog>
  );
}
