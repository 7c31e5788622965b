/** Every metric of Tocsin about itself, with its CloudWatch unit. A custom metric costs by its name, so there are few. */
export const ownMetrics = {
  /** evaluate: what a tick judged, how long it took, and how long after the one before it began. */
  Rules: 'Count',
  Series: 'Count',
  SkippedRules: 'Count',
  EvaluateDuration: 'Milliseconds',
  TickGap: 'Milliseconds',
  /** deliver and rollback: what became of effects, and how long after they were due they were carried out. */
  EffectsDone: 'Count',
  EffectsPostponed: 'Count',
  EffectsFailed: 'Count',
  EffectAge: 'Milliseconds',
  /** sweep: what it and the auditor found. */
  OpenIncidents: 'Count',
  OldestEffectAge: 'Milliseconds',
  LateEffects: 'Count',
  AuditRepaired: 'Count',
  AuditUnrepaired: 'Count',
  Quarantined: 'Count',
  /** sweep: how long after its sample the page of a synthetic incident arrived; only where settings.syntheticIncident asks. */
  SyntheticTimeToPage: 'Milliseconds',
} as const;

export type OwnMetric = keyof typeof ownMetrics;
export const ownNamespace = 'Tocsin';
/** The only dimension: models, rules and incidents would each be a metric of their own, and have to be paid for. */
export const ownDimension = 'stage';

/** EMF takes this many values of one metric in a record. */
const maxValues = 100;

/** A line of a log that CloudWatch reads as metrics (embedded metric format). `at` in milliseconds since the epoch. */
export function embeddedMetrics(
  values: Partial<Record<OwnMetric, number | readonly number[]>>,
  stage: string,
  at: number,
): Record<string, unknown> {
  const given = (Object.entries(values) as [OwnMetric, number | readonly number[]][])
    .filter(([, value]) => typeof value === 'number' || value.length > 0)
    .map(([name, value]) => [name, typeof value === 'number' ? value : value.slice(0, maxValues)] as const);
  return {
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: ownNamespace,
          Dimensions: [[ownDimension]],
          Metrics: given.map(([Name]) => ({ Name, Unit: ownMetrics[Name] })),
        },
      ],
    },
    [ownDimension]: stage,
    ...Object.fromEntries(given),
  };
}
