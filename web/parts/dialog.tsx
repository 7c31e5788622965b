import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { LiveRegions } from '../frame/announce.tsx';
import { useModal } from './modal.ts';
import { keepTabInside } from './tab-inside.ts';

/**
 * A question or a form over the page. Opens when it is rendered; Escape and the backdrop close it,
 * and the focus goes back to where it was. Give the harmless answer `autofocus`.
 */
export function Dialog(props: { title: string; close(): void; children: ComponentChildren; class?: string }) {
  const { title, close, children, class: name } = props;
  const box = useModal();
  const heading = useId();
  return (
    <dialog
      ref={box}
      class={name}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => {
        if (event.target === box.current) close();
      }}
      onKeyDown={keepTabInside}
    >
      <div class="in">
        <h2 id={heading}>{title}</h2>
        {children}
      </div>
      {/* What is behind a modal dialog is not read, nor are the live regions there. */}
      <LiveRegions />
    </dialog>
  );
}
