import type { HeartbeatListDto } from '../../../http/api/dto/heartbeat.ts';
import { type RunState, runState, runsText } from './sentence.ts';

type Runs = HeartbeatListDto['heartbeats'][number]['runs'];

const mostShown = 30;
const step = 7;
const height = 28;
const least = 5;

const fill: Readonly<Record<RunState, string>> = {
  success: 'var(--base)',
  fail: 'var(--crit-mark)',
  lost: 'none',
  running: 'var(--accent)',
};

/**
 * The last runs, oldest first: as high as each took long. One that failed is crossed, and one that
 * never ended is hollow.
 */
export function RunStrip({ runs }: { runs: Runs }) {
  const shown = runs.slice(-mostShown);
  if (shown.length === 0) return <span class="strip" />;
  const took = shown.map(({ startedAt, endedAt }) =>
    startedAt === undefined || endedAt === undefined ? 0 : Date.parse(endedAt) - Date.parse(startedAt),
  );
  const longest = Math.max(1, ...took);
  const width = shown.length * step;
  return (
    <svg class="strip" role="img" aria-label={runsText(shown)} viewBox={`0 0 ${width} ${height}`} width={width} height={height}>
      {shown.map((run, place) => {
        const state = runState(run);
        const tall = least + ((height - least - 1) * (took[place] ?? 0)) / longest;
        const [left, top] = [place * step + 1, height - tall];
        return (
          <g key={`${run.id ?? ''} ${run.startedAt ?? run.endedAt ?? place}`}>
            <rect
              x={left}
              y={top}
              width={step - 3}
              height={tall}
              fill={fill[state]}
              stroke={state === 'lost' ? 'var(--base)' : 'none'}
            />
            {state === 'fail' ? (
              <path d={`M${left} ${height - least}l4 4m0-4l-4 4`} stroke="var(--surface)" stroke-width="1" />
            ) : null}
          </g>
        );
      })}
    </svg>
  );
}
