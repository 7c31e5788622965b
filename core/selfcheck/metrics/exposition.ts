import type { MetricFamily, MetricPoint } from './family.ts';

/** OpenMetrics 1.0, and the older text format that anything reads. */
export const expositions = {
  openMetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  text: 'text/plain; version=0.0.4; charset=utf-8',
} as const;
export type Exposition = keyof typeof expositions;

/** What a scraper asks for in its header `Accept`; Prometheus names OpenMetrics first. */
export const expositionFor = (accept: string): Exposition =>
  /application\/openmetrics-text(?!\s*;[^,]*\bq=0(\.0*)?\s*(,|$))/.test(accept) ? 'openMetrics' : 'text';

/** Lines of one part of the text: many lines at once would hold up everything else. */
const linesAPart = 1000;

/** The metrics as text. `notes`: comments above them, for people; only the older format has any. */
export const exposed = (families: readonly MetricFamily[], as: Exposition, notes: readonly string[] = []): string =>
  [...exposedParts(families, as, notes)].join('');

/**
 * The same text, part by part. A scraper refuses everything if two points have the same labels: the
 * first one stands.
 */
export function* exposedParts(
  families: readonly MetricFamily[],
  as: Exposition,
  notes: readonly string[] = [],
): Generator<string> {
  const textOf = labelTexts();
  let lines = as === 'text' ? notes.map((note) => `# ${note.replace(/[\r\n]+/g, ' ')}`) : [];
  for (const { name, kind, unit, help, points } of families) {
    const family = unit === undefined ? name : `${name}_${unit}`;
    const sample = kind === 'counter' ? `${family}_total` : family;
    // In OpenMetrics a family of counters is named without what its samples end with.
    const described = as === 'openMetrics' ? family : sample;
    lines.push(`# TYPE ${described} ${kind}`);
    if (as === 'openMetrics' && unit !== undefined) lines.push(`# UNIT ${described} ${unit}`);
    lines.push(`# HELP ${described} ${escaped(help, as === 'openMetrics')}`);
    const seen = new Set<string>();
    for (const { labels, value } of points) {
      const text = textOf(labels);
      if (seen.has(text)) continue;
      seen.add(text);
      lines.push(`${sample}${text} ${numberText(value)}`);
      if (lines.length < linesAPart) continue;
      yield `${lines.join('\n')}\n`;
      lines = [];
    }
  }
  if (as === 'openMetrics') lines.push('# EOF');
  if (lines.length > 0) yield `${lines.join('\n')}\n`;
}

/** Families share the labels of their points, whose text is made once. */
function labelTexts(): (labels: MetricPoint['labels']) => string {
  const texts = new Map<MetricPoint['labels'], string>();
  return (labels) => {
    let text = texts.get(labels);
    if (text === undefined) {
      text = labelsText(namedLabels(labels));
      texts.set(labels, text);
    }
    return text;
  };
}

/**
 * Labels under names that a Prometheus of any age takes. Two names that become one get a number.
 * What begins with two underscores is for Prometheus itself.
 */
function namedLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  const named = new Map<string, string>();
  for (const name of Object.keys(labels).toSorted()) {
    const words = name.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)|^_+/, '_');
    const plain = words === '_' || words === '' ? 'label' : words;
    let free = plain;
    for (let count = 2; named.has(free); count += 1) free = `${plain}_${count}`;
    named.set(free, labels[name] ?? '');
  }
  return Object.fromEntries(named);
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value, true)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '"': '\\"' };
/** Lone surrogates are no UTF-8. */
const escaped = (text: string, quotes: boolean): string =>
  text.toWellFormed().replace(quotes ? /[\\\n"]/g : /[\\\n]/g, (one) => escapes[one] ?? one);

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return String(value);
}
