import { describe, expect, it } from 'vitest';
import { ingestLabels, ingestPredictions } from '../../app/ingest/ingest.ts';
import { evidenceSeen } from '../../app/sources/evidence-seen.ts';
import type { ConfigInput } from '../../core/config/schema.ts';
import { hour, type Runtime, runtimeOf, t0 } from './runtime.ts';

type SourceInput = NonNullable<ConfigInput['sources']>[string];
const metrics = ['f1', 'accuracy', 'positive_rate', 'auc', 'mae', 'log_loss'] as const;
const rules = Object.fromEntries(
  metrics.map((metric) => [
    metric,
    {
      source: 'churn',
      query: { predictions: { metric, over: '1h' } },
      step: '1h',
      category: 'performance',
      threshold: { above: { warn: 0 } },
      runbook: 'accuracy-drop',
    },
  ]),
) as ConfigInput['rules'];

const runOf = (more: Partial<SourceInput> = {}): Runtime =>
  runtimeOf({ sources: { churn: { kind: 'predictions', model: 'churn', ...more } as SourceInput }, rules });
const send = ({ ports }: Runtime, records: object[]) =>
  ingestPredictions(ports, 'churn', { contentType: 'application/json', text: JSON.stringify(records) }, t0 + hour);

/** Eight customers: three of four that left were seen coming, and one alarm was false. */
const outcomes: [prediction: unknown, label: unknown, score: number][] = [
  ['leaves', 'leaves', 0.9],
  ['leaves', 'leaves', 0.8],
  ['leaves', 'leaves', 0.7],
  ['stays', 'leaves', 0.4],
  ['leaves', 'stays', 0.6],
  ['stays', 'stays', 0.1],
  ['stays', 'stays', 0.2],
  ['stays', 'stays', 0.3],
];
const records = (spell: (word: unknown) => unknown) =>
  outcomes.map(([prediction, label, score]) => ({ timestamp: t0, prediction: spell(prediction), label: spell(label), score }));

/** The value of each metric; undefined where it has none. */
async function valuesOf(run: Runtime): Promise<Record<string, number | undefined>> {
  const seen = await evidenceSeen(run.ports.store, run.ports.config, t0 + hour);
  return Object.fromEntries(metrics.map((metric) => [metric, seen[metric]?.series[0]?.value]));
}

describe('the positive class of a source', () => {
  it('gives classes with names the metrics of 1 and 0, whichever class is declared', async () => {
    const numbers = runOf();
    await send(
      numbers,
      records((word) => (word === 'leaves' ? 1 : 0)),
    );
    const expected = await valuesOf(numbers);
    expect(expected).toMatchObject({ f1: 0.75, accuracy: 0.75, positive_rate: 0.5 });
    const named = runOf({ predicts: ['stays', 'leaves'], positive: 'leaves' } as Partial<SourceInput>);
    await send(
      named,
      records((word) => word),
    );
    expect(await valuesOf(named)).toEqual(expected);
    const turned = runOf({ predicts: ['0', '1'], positive: '0' });
    await send(
      turned,
      records((word) => (word === 'leaves' ? 0 : 1)),
    );
    expect(await valuesOf(turned)).toEqual(expected);
  });

  it('counts labels that come later the same, and leaves other classes apart', async () => {
    const run = runOf({ positive: 'c' } as Partial<SourceInput>);
    await send(run, [
      { id: 'p', timestamp: t0, prediction: 'c' },
      { id: 'q', timestamp: t0, prediction: '1' },
    ]);
    const labels = [
      { id: 'p', label: 'c' },
      { id: 'q', label: 'd' },
    ];
    await ingestLabels(run.ports, 'churn', { contentType: 'application/json', text: JSON.stringify(labels) }, t0 + hour);
    expect(await valuesOf(run)).toMatchObject({ f1: 1, accuracy: 0.5, positive_rate: 0.5 });
  });
});

describe('a score', () => {
  it('is refused where it is no probability, unless the source says that it is none', async () => {
    const record = { timestamp: t0, prediction: 1, score: 1.7 };
    const refused = await send(runOf(), [record, { ...record, score: 1 }]);
    expect(refused).toMatchObject({ accepted: 1, rejected: [{ index: 0 }] });
    expect(JSON.stringify(refused)).toContain(
      'score: expected a probability from 0 to 1; received 1.7; where scores are something else, declare `score: number` in the source',
    );
    expect(await send(runOf({ score: 'number' } as Partial<SourceInput>), [record])).toMatchObject({ accepted: 1, rejected: [] });
  });
});

describe('what was seen', () => {
  const faultsOf = async (run: Runtime): Promise<string[]> => {
    const seen = await evidenceSeen(run.ports.store, run.ports.config, t0 + hour);
    return metrics.filter((metric) => seen[metric]?.fault !== undefined);
  };

  it('tells of rules that ask for more samples than any point has', async () => {
    const warningsOf = async (minCount: number): Promise<string[]> => {
      const accuracy = { ...rules?.['accuracy'], samples: { minCount } } as NonNullable<typeof rules>[string];
      const run = runtimeOf({ sources: { churn: { kind: 'predictions', model: 'churn' } }, rules: { accuracy } });
      await send(
        run,
        records((word) => word),
      );
      return (await evidenceSeen(run.ports.store, run.ports.config, t0 + hour))['accuracy']?.warnings ?? [];
    };
    expect(await warningsOf(8)).toEqual([]);
    expect(await warningsOf(9)).toEqual([
      expect.stringMatching(/none has more than 8 samples, and samples\.minCount asks for 9/),
    ]);
  });

  it('tells of metrics that mean nothing for it, and what would', async () => {
    const words = runOf();
    await send(
      words,
      records((word) => word),
    );
    expect(await faultsOf(words)).toEqual(['f1', 'positive_rate', 'auc', 'mae', 'log_loss']);
    const { f1 } = await evidenceSeen(words.ports.store, words.ports.config, t0 + hour);
    expect(f1?.fault).toContain('add `positive: NAME`');
    const prices = runOf();
    await send(
      prices,
      [1.5, 2, 3.25].map((label) => ({ timestamp: t0, prediction: 2.1, label })),
    );
    expect(await faultsOf(prices)).toEqual(['f1', 'accuracy', 'positive_rate', 'auc', 'log_loss']);
  });

  it('tells nothing of classes of 1 and 0, and where no label has come', async () => {
    const numbers = runOf();
    await send(
      numbers,
      records((word) => (word === 'leaves' ? 1 : 0)),
    );
    expect(await faultsOf(numbers)).toEqual([]);
    const unlabelled = runOf();
    await send(unlabelled, [{ timestamp: t0, prediction: 'a' }]);
    expect(await faultsOf(unlabelled)).toEqual([]);
  });

  it('may be one that has not come yet: a declared class is no fault of the metric', async () => {
    const faultsOf = async (more: Partial<SourceInput>) => {
      const run = runOf(more);
      await send(
        run,
        records(() => 'stays'),
      );
      const seen = await evidenceSeen(run.ports.store, run.ports.config, t0 + hour);
      return metrics.filter((metric) => seen[metric]?.fault !== undefined);
    };
    expect(await faultsOf({})).toEqual(['f1', 'positive_rate', 'auc', 'mae', 'log_loss']);
    // An error of numbers is refused by the declaration itself.
    expect(await faultsOf({ positive: 'leaves' } as Partial<SourceInput>)).not.toContain('f1');
  });
});
