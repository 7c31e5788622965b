import { afterEach, describe, expect, it } from 'vitest';
import type { Service } from '../../local/service.ts';
import { project } from '../cli/run.ts';
import { serviceIn } from '../cli/service.ts';

describe('a service that listens', () => {
  let service: Service | undefined;
  afterEach(() => service?.close());

  const statusAt = async (host: string, path: string, body?: object): Promise<number> => {
    service = await serviceIn(project(), { host });
    const { port } = new URL(service.url);
    const sent =
      body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
    const { status } = await fetch(`http://127.0.0.1:${port}${path}`, sent);
    return status;
  };
  const sample = { metric: 'latency', value: 1, timestamp: Date.now() };

  it.each([
    ['127.0.0.1', 200, 200],
    ['0.0.0.0', 403, 403],
  ])('at %s is open to what no key protects: pages %i, records %i', async (host, pages, records) => {
    expect(await statusAt(host, '/api/incidents')).toBe(pages);
    await service?.close();
    expect(await statusAt(host, '/v1/samples?source=sensor', sample)).toBe(records);
  });

  it('anywhere says whether it is well', async () => {
    expect(await statusAt('0.0.0.0', '/healthz')).toBe(200);
  });
});
