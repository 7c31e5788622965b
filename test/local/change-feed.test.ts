import { expect, it } from 'vitest';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import type { EventDto } from '../../http/api/dto/event.ts';
import { project } from '../cli/run.ts';
import { serviceIn } from '../cli/service.ts';
import { follow } from '../http/event-source.ts';

it('the service tells of what people do and of what is evaluated, and ends the stream when it stops', async () => {
  const service = await serviceIn(project());
  const source = await follow(service.url);
  const until = async (kinds: EventDto['kind'][]): Promise<EventDto[]> => {
    const heard: EventDto[] = [];
    while (!kinds.every((kind) => heard.some((event) => event.kind === kind))) {
      const next = await source.next();
      if (next === undefined) throw new Error('the stream ended');
      heard.push(next.event);
    }
    return heard;
  };
  await until(['reset']);
  const body = JSON.stringify({ match: { model: 'm' }, durationMs: 60_000 });
  const made = await fetch(`${service.url}/api/silences`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
  });
  expect(made.status).toBe(200);
  await until(['silences', 'audit log']);
  const now = Date.now();
  await evaluate(service.ports, now);
  const rules = (await until(['rules'])).find(({ kind }) => kind === 'rules');
  expect(rules).toMatchObject({ at: new Date(now).toISOString(), rules: Object.keys(service.ports.config.rules) });
  await service.close();
  expect(await source.next()).toBeUndefined();
});
