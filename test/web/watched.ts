import { type Served, serve } from './served.ts';

/**
 * A few models on pushed samples: one burns, one warns, one has too few samples, one has no data.
 */
export const config = `
responders:
  ana: { name: Ana Silva, contacts: [{ terminal: true }] }
  ben: { name: Ben Okafor, contacts: [{ terminal: true }] }
schedules:
  ml: { timezone: UTC, start: 2026-05-25T09:00, rotation: weekly, responders: [ana, ben] }
policies:
  main:
    tiers: [{ targets: [{ schedule: ml }], ackWithin: 15m }, { targets: [{ responder: ben }], ackWithin: 15m }]
matrix: { default: { warn: { policy: main }, critical: { policy: main } } }
sources:
  pushed: { kind: samples }
rules:
  flight-accuracy:
    title: Accuracy of flight delays
    source: pushed
    query: { samples: { metric: accuracy } }
    category: performance
    threshold: { below: { warn: 0.75, critical: 0.7 } }
    for: 2/3
    samples: { minCount: 5, confidence: 80% }
    labels: { model: flight-delays }
    owner: ml-platform
    runbook: drop
  flight-nulls:
    source: pushed
    query: { samples: { metric: nulls } }
    category: data-quality
    threshold: { above: { warn: 0.05, critical: 0.2 } }
    labels: { model: flight-delays }
    runbook: drop
  eta-latency:
    title: arrival-eta answers slowly
    source: pushed
    query: { samples: { metric: latency } }
    category: latency
    threshold: { above: { warn: 150, critical: 400 } }
    labels: { model: arrival-eta }
    runbook: drop
  noshow-accuracy:
    source: pushed
    query: { samples: { metric: noshow } }
    category: performance
    threshold: { below: { critical: 0.7 } }
    samples: { minCount: 100 }
    labels: { model: no-show }
    runbook: drop
  bags-heartbeat:
    source: pushed
    query: { samples: { metric: bags } }
    category: pipeline
    threshold: { below: { critical: 1 } }
    labels: { model: bag-routing }
    runbook: drop
  hostile:
    title: '<img src=x onerror="document.title=1"> & "quotes"'
    source: pushed
    query: { samples: { metric: depth } }
    category: resource
    threshold: { above: { critical: 100 } }
    labels: { model: bag-routing }
    runbook: drop
`;

export const runbooks = { drop: '---\ntitle: It dropped\n---\nLook.\n', 'source-failing': '---\ntitle: Source\n---\nLook.\n' };

type Values = { accuracy: number; latency: number };

/** One minute of samples of every metric but that of the heartbeat. */
export async function send(served: Served, { accuracy, latency }: Values): Promise<void> {
  const timestamp = new Date(served.clock.now()).toISOString();
  const one = (metric: string, value: number, count = 1) => Array.from({ length: count }, () => ({ metric, value, timestamp }));
  const right = Math.round(accuracy * 40);
  await served.post('/v1/samples?source=pushed', [
    ...one('accuracy', 1, right),
    ...one('accuracy', 0, 40 - right),
    ...one('nulls', 0.01),
    ...one('latency', latency),
    ...one('noshow', 0.9, 20),
    ...one('depth', 10),
  ]);
}

/** Half an hour that is well, then accuracy falls and latency rises. */
export async function burning(watched = config): Promise<Served> {
  const served = await serve(watched, { runbooks });
  for (let minute = 0; minute < 40; minute += 1) {
    const isBad = minute >= 30;
    const wave = 0.02 * Math.sin(minute / 3);
    await send(served, { accuracy: isBad ? 0.55 : 0.88 + wave, latency: isBad ? 180 : 110 + 400 * wave });
    await served.pass(1);
  }
  return served;
}
