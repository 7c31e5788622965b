import type { NowDto } from '../../../http/api/dto/now.ts';
import { addressOf } from '../../parts/incident-row.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Time } from '../../parts/time.tsx';
import { ruleAddress } from './health-grid.tsx';

const spanMs = 12 * 3_600_000;
const mostShown = 8;

/** What happens by itself, on a line of twelve hours; a list on a phone. */
export function Upcoming({ upcoming: { total, shown }, at }: { upcoming: NowDto['upcoming']; at: string }) {
  const from = Date.parse(at);
  const some = shown.slice(0, mostShown);
  return (
    <Panel title="Next 12 hours, if nobody does anything">
      {total === 0 ? <p class="in dim">Nothing: no page, no end of a silence, no hand-over.</p> : null}
      {total === 0 ? null : (
        <div class="in upcoming">
          <ol>
            {some.map((one, place) => {
              const share = Math.max(0, Math.min(1, (Date.parse(one.at) - from) / spanMs));
              const address =
                one.incident !== undefined ? addressOf(one.incident) : one.rule !== undefined ? ruleAddress(one.rule) : undefined;
              return (
                <li
                  key={`${one.at} ${one.text}`}
                  class={`${one.kind === 'page' ? 'page' : ''} ${share > 0.55 ? 'left' : ''}`}
                  style={{ '--at': `${share * 100}%`, '--below': `${some.length - place}` }}
                >
                  <span class="small">
                    <span class="dim when">
                      <Time at={one.at} />{' '}
                    </span>
                    {address === undefined ? one.text : <a href={address}>{one.text}</a>}
                  </span>
                </li>
              );
            })}
          </ol>
          <p class="axis small dim3" aria-hidden="true">
            <span>now</span>
            {[0.25, 0.5, 0.75].map((share) => (
              <Time key={share} at={from + share * spanMs} />
            ))}
            <Time at={from + spanMs} />
          </p>
        </div>
      )}
      {total > mostShown ? <p class="in small dim">{total - mostShown} more later.</p> : null}
    </Panel>
  );
}
