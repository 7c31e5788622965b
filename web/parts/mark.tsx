/**
 * What a mark says: shape first, then word, then colour. `good` is only for what was proven or
 * done.
 */
export type MarkKind = 'critical' | 'warn' | 'unsure' | 'none' | 'ok' | 'good';

export const markWords: Readonly<Record<MarkKind, string>> = {
  critical: 'critical',
  warn: 'warn',
  unsure: 'not sure',
  none: 'no data',
  ok: 'ok',
  good: 'done',
};

const inkLine = { stroke: 'var(--surface)', 'stroke-width': 1.5 } as const;

function shapeOf(kind: MarkKind) {
  switch (kind) {
    case 'critical':
      return (
        <>
          <path d="M4 .8h4L11.2 4v4L8 11.2H4L.8 8V4z" fill="currentColor" />
          <path d="M6 3v3.6M6 8.1v1.2" {...inkLine} />
        </>
      );
    case 'warn':
      return (
        <>
          <path d="M6 .9 11.5 11H.5z" fill="currentColor" />
          <path d="M6 4.2v3.2M6 8.5v1.1" {...inkLine} />
        </>
      );
    case 'unsure':
      return (
        <>
          <circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="2.4 1.6" />
          <path d="M6 4v2.4M6 7.6v1" stroke="currentColor" stroke-width="1.3" />
        </>
      );
    case 'none':
      return <path d="M2.5 2.5l7 7M9.5 2.5l-7 7" stroke="currentColor" stroke-width="1.7" />;
    case 'ok':
      return <circle cx="6" cy="6" r="2.4" fill="currentColor" />;
    case 'good':
      return <path d="M2 6.4 4.8 9 10 3" fill="none" stroke="currentColor" stroke-width="1.8" />;
    default:
      return kind satisfies never;
  }
}

/** A mark beside a word that says the same. Give `alone` where no such word stands beside it. */
export function Mark({ kind, alone = false }: { kind: MarkKind; alone?: boolean }) {
  return (
    <svg
      class={`mark ${kind}`}
      viewBox="0 0 12 12"
      {...(alone ? { role: 'img', 'aria-label': markWords[kind] } : { 'aria-hidden': true })}
    >
      {shapeOf(kind)}
    </svg>
  );
}

/** A mark with its word, as a label. */
export function Tag({ kind, children }: { kind: MarkKind; children?: preact.ComponentChildren }) {
  return (
    <span class={`tag ${kind}`}>
      <Mark kind={kind} />
      {children ?? markWords[kind]}
    </span>
  );
}
