import { gauge, type MetricFamily } from './family.ts';

/** What a process uses, under the names that every client of Prometheus has for it. */
export type ProcessFacts = { residentBytes: number; cpuSeconds: number; startedAt: number };

/** `startedAt` in milliseconds since the epoch. */
export const processFamilies = ({ residentBytes, cpuSeconds, startedAt }: ProcessFacts): MetricFamily[] => [
  ...gauge('process_resident_memory', 'Memory of the process.', residentBytes, 'bytes'),
  {
    name: 'process_cpu',
    kind: 'counter',
    unit: 'seconds',
    help: 'Processor time of the process.',
    points: [{ labels: {}, value: cpuSeconds }],
  },
  ...gauge('process_start_time', 'When the process started, in Unix time.', startedAt / 1000, 'seconds'),
];
