import { cloudwatchClients, cloudwatchSource } from '../adapters/cloudwatch/index.ts';
import { evaluate } from '../app/evaluate.ts';
import { predictionsSource, samplesSource } from '../app/stored-sources.ts';
import { noteTick } from '../app/vitals.ts';
import { handlerOf } from './wiring/handler.ts';
import { once, wire } from './wiring/ports.ts';

const ports = once(() => {
  const wired = wire({ sources: { cloudwatch: cloudwatchSource({ client: cloudwatchClients() }) } });
  const sources = { ...wired.sources, predictions: predictionsSource(wired.store), samples: samplesSource(wired.store) };
  return { ...wired, sources };
});

export const handler = handlerOf(
  'evaluate',
  async () => {
    const startedAt = Date.now();
    const report = await evaluate(ports(), startedAt);
    await noteTick(ports(), report, { startedAt, endedAt: Date.now() });
    return report;
  },
  (report) => ({ ...report }),
);
