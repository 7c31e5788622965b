/** What somebody sends, by mistake or not, to an address that takes records. */
export type RubbishBody = { name: string; path: string; type: 'application/json' | 'application/x-ndjson'; body: string };

const bytes = 5 * 1024 * 1024;

/** `part` as often as it fits between `before` and `after`. */
const filled = (part: string, before = '', after = ''): string =>
  before + part.repeat(Math.floor((bytes - before.length - after.length) / part.length)) + after;

/** A distinct part each time, as many as fit. */
function distinct(partOf: (n: number) => string, before = '', after = ''): string {
  const parts: string[] = [];
  for (let n = 0, length = before.length + after.length; ; n += 1) {
    const part = partOf(n);
    length += part.length + 1;
    if (length > bytes) return `${before}${parts.join(',')}${after}`;
    parts.push(part);
  }
}

const lines = 'application/x-ndjson';
const json = 'application/json';
const samples = '/v1/samples';
const now = (): string => new Date().toISOString();

const good = (count: number, series: number): string =>
  JSON.stringify(
    Array.from({ length: count }, (_, n) => ({ metric: 'm', value: n, timestamp: now(), labels: { host: String(n % series) } })),
  );

/**
 * Every body is of 5 MB, the most that is taken at all, but the last two: good records, for
 * comparison.
 */
export function rubbishBodies(): RubbishBody[] {
  const levels = Math.floor(bytes / 2);
  return [
    { name: 'samples: lines of {}', path: samples, type: lines, body: filled('{}\n') },
    { name: 'samples: lines that are no JSON', path: samples, type: lines, body: filled('x\n') },
    { name: 'samples: [0,0,...]', path: samples, type: json, body: filled('0,', '[', '0]') },
    { name: 'samples: [{},{},...]', path: samples, type: json, body: filled('{},', '[', '{}]') },
    { name: 'samples: nested 2.6 million deep', path: samples, type: json, body: '['.repeat(levels) + ']'.repeat(levels) },
    {
      name: 'samples: one record with 400,000 bad labels',
      path: samples,
      type: json,
      body: distinct((n) => `"k${n}":${n % 9}`, '[{"metric":"m","labels":{', '}}]'),
    },
    {
      name: 'predictions: one record with 400,000 features',
      path: '/v1/predictions',
      type: json,
      body: distinct((n) => `"k${n}":[]`, `[{"timestamp":"${now()}","prediction":1,"features":{`, '}}]'),
    },
    {
      name: 'predictions: a line of one bad feature, each of another name',
      path: '/v1/predictions',
      type: lines,
      body: distinct((n) => `\n{"features":{"k${n}":[]}}`).replaceAll(',\n', '\n'),
    },
    { name: 'samples: a number of 5 million digits', path: samples, type: json, body: filled('1', '[', ']') },
    { name: 'samples: escaped text', path: samples, type: json, body: filled('\\u0041', '["', '"]') },
    { name: 'samples: one name 900,000 times', path: samples, type: json, body: filled('"a":1,', '{', '"a":1}') },
    { name: 'samples: text of four bytes a character', path: samples, type: json, body: `["${'😀'.repeat(bytes / 4 - 2)}"]` },
    { name: 'samples: empty lines, then no JSON', path: samples, type: json, body: filled('\n', '', 'x') },
    { name: 'samples: {}, empty lines, then no JSON', path: samples, type: json, body: filled('\n', '{}', 'x') },
    { name: 'labels: lines of {}', path: '/v1/labels', type: lines, body: filled('{}\n') },
    { name: 'alerts: [0,0,...]', path: '/api/v2/alerts', type: json, body: filled('0,', '[', '0]') },
    {
      name: 'alerts: one alert with 400,000 bad labels',
      path: '/api/v2/alerts',
      type: json,
      body: distinct((n) => `"k${n}":${n % 9}`, '[{"labels":{', '}}]'),
    },
    { name: 'baselines: lines of 0', path: '/v1/baselines?version=1&dataset=d', type: lines, body: filled('0\n') },
    {
      name: 'baselines: a profile of 400,000 bad features',
      path: '/v1/baselines',
      type: json,
      body: distinct((n) => `"k${n}":${n % 9}`, '{"version":"1","dataset":"d","profile":{"rows":1,"features":{', '}}}'),
    },
    {
      name: 'good: 10,000 samples of 100 series',
      path: samples,
      type: json,
      body: good(10_000, 100),
    },
    {
      name: 'good: 5,000 samples, each of another series',
      path: samples,
      type: json,
      body: good(5000, 5000),
    },
  ];
}
