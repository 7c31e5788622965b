import type { HeartbeatListDto } from '../../../http/api/dto/heartbeat.ts';

type HeartbeatDto = HeartbeatListDto['heartbeats'][number];

/** Two runs may both take too long. */
export const troubleKinds = ({ troubles }: Pick<HeartbeatDto, 'troubles'>): string =>
  [...new Set(troubles.map(({ kind }) => kind))].join(', ');

/** What the screen says first. */
export function heartbeatsSentence(heartbeats: readonly HeartbeatDto[]): string {
  if (heartbeats.length === 0) return 'No job reports its runs.';
  const trouble = heartbeats.filter(({ standing }) => standing === 'in trouble').length;
  const underWay = heartbeats.filter(({ running }) => running !== undefined).length;
  const jobs = heartbeats.length === 1 ? '1 job' : `${heartbeats.length} jobs`;
  const running = underWay === 0 ? '' : `; ${underWay} under way`;
  if (trouble === 0) return `All is well with ${jobs}${running}.`;
  const [first] = heartbeats;
  if (trouble === 1 && first !== undefined) return `${first.title}: ${troubleKinds(first)}${running}.`;
  return `${trouble} of ${jobs} are in trouble${running}.`;
}

const outcomeWord = { success: 'succeeded', fail: 'failed', lost: 'never ended', running: 'under way' } as const;
export type RunState = keyof typeof outcomeWord;

export const runState = ({ outcome }: Pick<HeartbeatDto['runs'][number], 'outcome'>): RunState => outcome ?? 'running';

/** `the last 12 runs: 10 succeeded, 2 failed` */
export function runsText(runs: HeartbeatDto['runs']): string {
  const states = Object.keys(outcomeWord) as RunState[];
  const parts = states.flatMap((state) => {
    const count = runs.filter((run) => runState(run) === state).length;
    return count === 0 ? [] : [`${count} ${outcomeWord[state]}`];
  });
  return `the last ${runs.length} runs: ${parts.join(', ')}`;
}
