import { readFileSync } from 'node:fs';

/** Of /proc, on every Linux that matters here. */
const ticksPerSecond = 100;

/** How long a process has used a processor so far, in all its threads, in milliseconds. */
export function cpuMsOf(pid: number): number {
  // After the name, which may hold spaces: the state is field 3, user and system time are 14 and
  // 15.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}
