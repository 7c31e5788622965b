import { stringify } from 'yaml';
import type { Category } from '../../core/vocabulary/schema-parts.ts';
import { withoutAccents } from '../../core/vocabulary/text.ts';
import type { Answers, WatchableMetric, Watched } from './answers.ts';

type About = { runbook: string; category: Category };
const performance: About = { runbook: 'accuracy-drop', category: 'performance' };
const volume: About = { runbook: 'prediction-volume', category: 'pipeline' };
const shift: About = { runbook: 'feature-drift', category: 'drift' };
const quality: About = { runbook: 'schema-violation', category: 'data-quality' };

/**
 * Which of Tocsin's runbooks is about a metric of predictions, and which row of the escalation
 * matrix it is in.
 */
const about: Record<WatchableMetric, About> = {
  accuracy: performance,
  precision: performance,
  recall: performance,
  f1: performance,
  auc: performance,
  log_loss: performance,
  brier: performance,
  mae: performance,
  rmse: performance,
  bias: performance,
  estimated_accuracy: performance,
  estimated_precision: performance,
  estimated_recall: performance,
  estimated_f1: performance,
  count: volume,
  labelled: volume,
  freshness: { runbook: 'no-data', category: 'pipeline' },
  positive_rate: shift,
  score_mean: shift,
  null_rate: { runbook: 'null-spike', category: 'data-quality' },
  duplicate_rate: quality,
  label_delay: performance,
  unmatched_label_rate: performance,
  corrected_label_rate: performance,
  label_coverage: performance,
};

/** A name for a config, of a text that people write. */
export function idOf(text: string): string {
  const plain = withoutAccents(text).toLowerCase();
  return (
    plain
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40) || 'main'
  );
}

function nameOf(watched: Watched): string {
  switch (watched.of) {
    case 'predictions':
      return `${watched.model} ${watched.metric}`;
    case 'drift':
      return `${watched.model} drift`;
    case 'samples':
      return watched.metric;
  }
}

/** The rule that `init` makes, by which `backtest` and `why` know it. */
export const ruleOf = (watched: Watched): string => idOf(nameOf(watched));
export const sourceOf = (watched: Watched): string => idOf(ofWhat(watched));
const ofWhat = (watched: Watched): string => (watched.of === 'samples' ? watched.metric : watched.model);

const schema = '# yaml-language-server: $schema=./tocsin.schema.json\n';

/**
 * The files of a config of one's own, by their names in its folder. Nobody is in it but who was
 * named.
 */
export function configFiles({ watched, bad, paged }: Answers): Record<string, string> {
  const responder = idOf(paged.name);
  const contact =
    paged.contact === 'terminal'
      ? { terminal: true }
      : 'slack' in paged.contact
        ? paged.contact
        : { webhook: { url: paged.contact.webhook, secret: 'PAGES_SECRET' } };
  const usesSlack = typeof paged.contact === 'object' && 'slack' in paged.contact;
  const settings = {
    publicUrl: 'http://127.0.0.1:4319',
    groupWait: '0s',
    ...(usesSlack ? { slack: { token: 'SLACK_BOT_TOKEN', signingSecret: 'SLACK_SIGNING_SECRET' } } : {}),
  };
  const policies = { main: { tiers: [{ targets: [{ responder }], ackWithin: '15m' }], repeat: 2 } };
  const matrix = { default: { warn: { policy: 'main' }, critical: { policy: 'main' } } };
  return {
    'tocsin.yaml': `${schema}# All files of this folder are one config; a section may be in any of them. docs/config.md explains every key.
${stringify({ settings }, { lineWidth: 0 })}`,
    'people.yaml': `${schema}# Who is paged, and how fast they are to answer. More contacts of a person are tried in turn; docs/integrations.md has all kinds.
# Add the others of your team under \`responders\`, then a second tier, or a schedule of who is on call (docs/oncall.md).
${stringify({ responders: { [responder]: { name: paged.name, contacts: [contact] } }, policies, matrix }, { lineWidth: 0 })}`,
    'watch.yaml': `${schema}# What is watched, from where it is bad, and what to do about it. \`tocsin check\` says whether it is valid, and when alerts end.
${stringify({ sources: { [sourceOf(watched)]: sourceFor(watched) }, rules: rulesFor(watched, bad) }, { lineWidth: 0 })}`,
  };
}

function sourceFor(watched: Watched): object {
  if (watched.of === 'samples') return { kind: 'samples', bucket: '1m', retain: '90d' };
  const drifts = watched.of === 'drift' ? { features: watched.features, profiles: true } : {};
  return { kind: 'predictions', model: watched.model, bucket: '1m', retain: '90d', labelWait: '7d', ...drifts };
}

/** One that judges what is watched, and one that notices when data stops. */
function rulesFor(watched: Watched, bad: Answers['bad']): object {
  const arrives =
    watched.of === 'samples'
      ? { samples: { metric: watched.metric, statistic: 'count' } }
      : { predictions: { metric: 'count', over: '1h' } };
  return {
    [ruleOf(watched)]: { source: sourceOf(watched), ...judgedBy(watched, bad) },
    [`${ruleOf(watched)}-silent`.slice(0, 60)]: {
      title: `No data for ${ofWhat(watched)}`,
      source: sourceOf(watched),
      query: arrives,
      step: '1m',
      category: 'pipeline',
      ...(watched.of === 'samples' ? { absence: { warn: '1h' } } : { threshold: { below: { warn: 1 } }, noData: 'ok' }),
      runbook: 'no-data',
    },
  };
}

/** Labels are expected within this time, and a day of predictions is judged once it has passed. */
const labelsWithin = { over: '1d', after: '2d' };

function judgedBy(watched: Watched, { direction, bound }: Answers['bad']): object {
  const title = `${nameOf(watched)} is ${direction} ${bound}`;
  const threshold = { [direction]: { critical: bound } };
  switch (watched.of) {
    case 'predictions': {
      const { runbook, category } = about[watched.metric];
      const spans = watched.metric === 'label_coverage' ? labelsWithin : { over: '1h' };
      return { title, query: { predictions: { metric: watched.metric, ...spans } }, step: '1m', category, threshold, runbook };
    }
    case 'drift': {
      // The measure is psi. Its warn is 0.1 where nothing is said, and has to lie below.
      const drift = { baseline: { rolling: { window: '7d' } }, warn: Math.min(0.1, bound / 2), critical: bound };
      return { title, query: { predictions: { metric: 'drift', over: '1d' } }, step: '1d', ...shift, drift };
    }
    case 'samples': {
      const query = { samples: { metric: watched.metric, statistic: 'mean', over: '5m' } };
      return { title, query, step: '1m', category: 'pipeline', threshold, runbook: 'metric-out-of-bounds' };
    }
  }
}
