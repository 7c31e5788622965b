import { useLocation } from 'preact-iso/router';
import type { FeaturesDto } from '../../../http/api/dto/feature.ts';
import { now } from '../../data/clock.ts';
import { useKeys } from '../../frame/keys.ts';
import { type Against, addressWith, againstWords } from './words.ts';

const day = 86_400_000;
const spans = [1, 7, 30] as const;
type Compared = Pick<FeaturesDto, 'against' | 'choices' | 'versions' | 'current'>;

/** What to compare with what; all of it is in the address. */
export function Controls({ found }: { found: Compared }) {
  const { path, query, route } = useLocation();
  const { against, choices, versions, current } = found;
  const go = (changes: Record<string, string | undefined>): void => route(addressWith(path, query, changes), true);
  const next: Against | undefined = against === 'version' ? 'before' : choices.includes('version') ? 'version' : undefined;
  const shift = (by: 1 | -1): void => {
    const [from, to] = [Date.parse(current.from), Date.parse(current.to)];
    const iso = (at: number): string => new Date(at + by * (to - from)).toISOString();
    go({ from: iso(from), to: iso(to) });
  };
  useKeys('Comparison', {
    ...(next !== undefined && { v: { text: 'Versions or time', run: () => go({ against: next }) } }),
    '[': { text: 'The span before', run: () => shift(-1) },
    ']': { text: 'The span after', run: () => shift(1) },
  });
  return (
    <div class="row feature-controls no-print">
      <label>
        Compare with{' '}
        <select value={against} onChange={({ currentTarget }) => go({ against: currentTarget.value })}>
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {againstWords[choice]}
            </option>
          ))}
        </select>
      </label>
      {against === 'rule' || versions.length < 2 ? null : (
        <label>
          Version{' '}
          <select value={current.version ?? ''} onChange={({ currentTarget }) => go({ version: currentTarget.value })}>
            {against === 'before' ? <option value="">all</option> : null}
            {versions.map((version) => (
              <option key={version} value={version}>
                {version}
              </option>
            ))}
          </select>
        </label>
      )}
      {against === 'rule'
        ? null
        : spans.map((days) => (
            <button
              key={days}
              type="button"
              onClick={() => go({ from: new Date(now.value - days * day).toISOString(), to: new Date(now.value).toISOString() })}
            >
              {days} d
            </button>
          ))}
      {query['from'] === undefined && query['to'] === undefined ? null : (
        <button type="button" onClick={() => go({ from: undefined, to: undefined })}>
          Up to now
        </button>
      )}
    </div>
  );
}
