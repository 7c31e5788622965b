/**
 * Every metric of Tocsin about itself, with its CloudWatch unit. Custom metrics are billed by name,
 * so there are few.
 */
export const ownMetrics = {
  /** evaluate: what a tick judged, how long it took, and the gap since the previous one began. */
  Rules: 'Count',
  Series: 'Count',
  SkippedRules: 'Count',
  EvaluateDuration: 'Milliseconds',
  TickGap: 'Milliseconds',
  /** deliver and rollback: outcomes of effects, and how late they were delivered. */
  EffectsDone: 'Count',
  EffectsPostponed: 'Count',
  EffectsFailed: 'Count',
  EffectAge: 'Milliseconds',
  /** sweep: what it and the consistency check found. */
  OpenIncidents: 'Count',
  OldestEffectAge: 'Milliseconds',
  LateEffects: 'Count',
  IncidentsRepaired: 'Count',
  IncidentsUnrepaired: 'Count',
  Quarantined: 'Count',
  /** sweep: labels of the last day that found no prediction. */
  UnmatchedLabels: 'Count',
  /** ingest: alerts that `ignore` of their source matches; also by source. */
  IgnoredAlerts: 'Count',
  /**
   * sweep: time from a synthetic incident's sample to its page; only with
   * settings.syntheticIncident.
   */
  SyntheticTimeToPage: 'Milliseconds',
} as const;

export type OwnMetric = keyof typeof ownMetrics;
export const ownNamespace = 'Tocsin';
/** Splitting by model, rule or incident would multiply the billed metrics. */
export const ownDimension = 'stage';

/** Only of ignored alerts: the sources that ignore any are few. */
export const sourceDimension = 'source';

/** EMF's limit of values of one metric per record. */
const maxValues = 100;

/**
 * A log line that CloudWatch reads as metrics (embedded metric format). `at` in milliseconds since
 * the epoch. With a `source`, the values count for it as well.
 */
export function embeddedMetrics(
  values: Partial<Record<OwnMetric, number | readonly number[]>>,
  stage: string,
  at: number,
  source?: string,
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
          Dimensions: source === undefined ? [[ownDimension]] : [[ownDimension], [ownDimension, sourceDimension]],
          Metrics: given.map(([Name]) => ({ Name, Unit: ownMetrics[Name] })),
        },
      ],
    },
    [ownDimension]: stage,
    ...(source === undefined ? {} : { [sourceDimension]: source }),
    ...Object.fromEntries(given),
  };
}
