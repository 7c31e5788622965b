import type { OfOthersDto } from '../../http/api/dto/of-others.ts';
import { useScope } from '../frame/scope.ts';

/**
 * What the scope leaves out of a list, so that nobody takes it for good news; each critical
 * incident by name.
 */
export function OfOthers({ others }: { others: OfOthersDto | undefined }) {
  const { choose } = useScope();
  if (others === undefined || others.text === '') return null;
  const { shown = [], critical = 0 } = others.incidents ?? {};
  return (
    <div class={`note of-others ${critical === 0 ? '' : 'critical'}`}>
      <p>
        {others.text}{' '}
        <button type="button" class="button quiet no-print" onClick={() => choose(undefined)}>
          Show all teams
        </button>
      </p>
      {shown.length === 0 ? null : (
        <ul>
          {shown.map(({ id, title }) => (
            <li key={id}>
              <a href={`/incidents/${encodeURIComponent(id)}`}>{title}</a>
            </li>
          ))}
          {critical > shown.length ? <li class="dim">and {critical - shown.length} more</li> : null}
        </ul>
      )}
    </div>
  );
}
