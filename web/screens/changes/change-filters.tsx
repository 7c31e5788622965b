import { useId } from 'preact/hooks';
import type { ChangeDto } from '../../../http/api/dto/change.ts';

/** By kind: its name in the choice. */
const kinds: Readonly<Record<ChangeDto['kind'], string>> = {
  deploy: 'Deploys',
  rollback: 'Rollbacks',
  flag: 'Flags',
  data: 'Data',
  config: 'Config',
  registry: 'Registry',
  other: 'Other',
};
/** Narrows the list; what is chosen is in the address. */
export function ChangeFilters(props: {
  query: Readonly<Record<string, string>>;
  narrow(changes: Record<string, string | undefined>): void;
}) {
  const { query, narrow } = props;
  const { q, kind, from, to } = query;
  const ids = { q: useId(), kind: useId(), from: useId(), to: useId() };
  return (
    <search class="row filters">
      <label for={ids.q}>Words</label>
      <input
        id={ids.q}
        data-filter
        type="search"
        class="grow"
        value={q ?? ''}
        placeholder="text, version, label or person"
        onInput={({ currentTarget }) => narrow({ q: currentTarget.value })}
      />
      <label for={ids.kind}>Kind</label>
      <select id={ids.kind} value={kind ?? ''} onChange={({ currentTarget }) => narrow({ kind: currentTarget.value })}>
        <option value="">any</option>
        {Object.entries(kinds).map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
      <label for={ids.from}>From</label>
      <input
        id={ids.from}
        type="date"
        value={from ?? ''}
        onInput={({ currentTarget }) => narrow({ from: currentTarget.value })}
      />
      <label for={ids.to}>to before</label>
      <input id={ids.to} type="date" value={to ?? ''} onInput={({ currentTarget }) => narrow({ to: currentTarget.value })} />
    </search>
  );
}
