import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

/** A text, or something else that is written to the clipboard. */
type Copied = string | (() => Promise<void>);

/** Copies, and says whether the browser let it. */
export function useCopy(): { told: string; copy(copied: Copied, what: string): void } {
  const [told, setTold] = useState('');
  return {
    told,
    copy(copied, what) {
      // Without https there is no clipboard at all.
      const write = typeof copied === 'string' ? async () => navigator.clipboard.writeText(copied) : copied;
      write().then(
        () => setTold(`${what} copied`),
        () => setTold('The browser does not let this page copy; it may need https'),
      );
    },
  };
}

export function CopyButton({ text, what, children }: { text(): Copied; what: string; children: ComponentChildren }) {
  const { told, copy } = useCopy();
  return (
    <>
      <button type="button" class="button quiet" onClick={() => copy(text(), what)}>
        {children}
      </button>
      <span class="small dim" role="status">
        {told}
      </span>
    </>
  );
}
