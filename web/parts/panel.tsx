import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** A part of a screen with its heading. `end`: what stands at the right of it. */
export function Panel(props: {
  title: string;
  count?: number | undefined;
  end?: ComponentChildren;
  class?: string;
  children: ComponentChildren;
}) {
  const { title, count, end, class: name = '', children } = props;
  const heading = useId();
  return (
    <section class={`panel ${name}`} aria-labelledby={heading}>
      <header>
        <h2 id={heading}>{title}</h2>
        {count === undefined ? null : <span class="dim3">{count}</span>}
        {end === undefined ? null : <span class="end">{end}</span>}
      </header>
      {children}
    </section>
  );
}
