import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { badOf, pagedOf, watchable, watchedOf } from '../../cli/init/answers.ts';
import { configFiles, idOf } from '../../cli/init/files.ts';
import { ownRunbooks } from '../../cli/own-files.ts';
import { loadConfig } from '../../core/config/load.ts';
import { rangeOfQuery } from '../../core/telemetry/metric-range.ts';
import { readConfig, readRunbooks } from '../../local/read-config.ts';
import { folderOf, tocsin } from './run.ts';

const runbooks = new Set(readRunbooks(ownRunbooks).keys());
const terminal = { name: 'Mei Tanaka', contact: 'terminal' } as const;

describe('an answer', () => {
  it.each([
    ['churn accuracy', { of: 'predictions', model: 'churn', metric: 'accuracy' }],
    [' latency_ms ', { of: 'samples', metric: 'latency_ms' }],
    ['churn drift age, plan', { of: 'drift', model: 'churn', features: ['age', 'plan'] }],
    ['churn label_coverage', { of: 'predictions', model: 'churn', metric: 'label_coverage' }],
  ])('%j says what is watched', (text, value) => {
    expect(watchedOf(text)).toEqual({ ok: true, value });
  });

  it.each(['', 'churn acuracy', 'churn drift', 'churn accuracy please', '"; rm'])(
    '%j says nothing that can be watched',
    (text) => {
      expect(watchedOf(text)).toMatchObject({ ok: false });
    },
  );

  it.each([
    ['below 0.8', { direction: 'below', bound: 0.8 }],
    ['above 250', { direction: 'above', bound: 250 }],
    ['> -1e3', { direction: 'above', bound: -1000 }],
    ['BELOW 80%', { direction: 'below', bound: 0.8 }],
  ])('%j says from where it is bad', (text, value) => {
    expect(badOf(text)).toEqual({ ok: true, value });
  });

  it.each(['', '0.8', 'under 0.8', 'below', 'below x', 'below 0.8 or so'])('%j is no bound', (text) => {
    expect(badOf(text)).toMatchObject({ ok: false });
  });

  it.each([
    ['Mei Tanaka', terminal],
    ['Mei Tanaka, terminal', terminal],
    ['Mei, slack U0123ABCD', { name: 'Mei', contact: { slack: 'U0123ABCD' } }],
    ['Mei, https://example.com/pages', { name: 'Mei', contact: { webhook: 'https://example.com/pages' } }],
  ])('%j says who is paged', (text, value) => {
    expect(pagedOf(text)).toEqual({ ok: true, value });
  });

  it.each(['', '42', 'Mei, pigeon', 'Mei, slack', 'Mei, slack U1, and then Ben'])('%j is nobody who can be paged', (text) => {
    expect(pagedOf(text)).toMatchObject({ ok: false });
  });
});

describe('the config that is made', () => {
  const loaded = (watched: string, bad: string, paged = 'Mei Tanaka') => {
    const [what, bound, who] = [watchedOf(watched), badOf(bad), pagedOf(paged)];
    if (!what.ok || !bound.ok || !who.ok) throw new Error('these answers are understood');
    const files = configFiles({ watched: what.value, bad: bound.value, paged: who.value });
    return loadConfig(
      Object.entries(files).map(([path, text]) => ({ path, text })),
      runbooks,
    );
  };

  it.each(watchable)('is right for %s, below and above a value that it can have', (metric) => {
    // The mean of probabilities ends at 1, which only the source tells.
    const end = metric === 'score_mean' ? 1 : undefined;
    const { min = 0, max = end ?? Math.max(min + 1, 10) } = rangeOfQuery(
      { predictions: { metric, over: 3_600_000 } } as never,
      60_000,
    );
    const middle = min + (max - min) / 2;
    for (const direction of ['below', 'above'])
      expect(loaded(`churn ${metric}`, `${direction} ${middle}`)).toMatchObject({ ok: true });
  });

  it.each(['above 0.25', 'above 0.05', 'above 3'])('is right for drift %s', (bad) => {
    const made = loaded('churn drift age,plan', bad);
    if (!made.ok) throw new Error(made.errors.map(({ message }) => message).join('\n'));
    expect(made.config.rules['churn-drift']).toMatchObject({
      kind: 'drift',
      drift: { critical: badOf(bad).ok ? Number(bad.slice(6)) : 0 },
    });
  });

  it.each(['terminal', 'slack U0123ABCD', 'https://example.com/pages'])('is right with a contact on %s', (contact) => {
    expect(loaded('latency_ms', 'above 250', `Mei Tanaka, ${contact}`)).toMatchObject({ ok: true });
  });

  it('names nobody but who was named, and pages that person at once', () => {
    const config = loaded('churn accuracy', 'below 0.8');
    if (!config.ok) throw new Error('the config is right');
    expect(Object.entries(config.config.responders).map(([id, { name }]) => [id, name])).toEqual([['mei-tanaka', 'Mei Tanaka']]);
    expect(config.config.settings.groupWait).toBe(0);
    expect(config.config.rules['churn-accuracy']).toMatchObject({ step: 60_000 });
  });

  it('has names that a config takes, of any text', () => {
    expect(idOf('Zoë Müller-Lüdenscheidt')).toBe('zoe-muller-ludenscheidt');
    expect(idOf('李雷')).toBe('main');
    expect(idOf('/api/v1.latency')).toBe('api-v1-latency');
  });
});

describe('tocsin init', () => {
  const answers = ['--watch', 'churn accuracy', '--bad', 'below 0.8', '--page', 'Mei Tanaka'];

  it('writes a config and runbooks that check takes, and says what to do next', async () => {
    const folder = folderOf({});
    const { code, out } = await tocsin(['init', ...answers], { cwd: folder });
    expect(code).toBe(0);
    expect(readdirSync(join(folder, 'config')).toSorted()).toEqual([
      'people.yaml',
      'tocsin.schema.json',
      'tocsin.yaml',
      'watch.yaml',
    ]);
    expect(readConfig(join(folder, 'config'), join(folder, 'runbooks'))).toMatchObject({ ok: true });
    for (const command of [
      'tocsin check',
      'tocsin start',
      'tocsin backfill FILE --source churn',
      'tocsin backtest churn-accuracy',
    ])
      expect(out).toContain(command);
  });

  it('changes nothing that is there', async () => {
    const folder = folderOf({ 'config/own.yaml': 'rules: {}', 'runbooks/own.md': 'mine' });
    const { code, err } = await tocsin(['init', ...answers], { cwd: folder });
    expect(code).toBe(1);
    expect(err).toMatch(/config is there already/);
    expect(readdirSync(join(folder, 'config'))).toEqual(['own.yaml']);
    const other = await tocsin(['init', 'other', ...answers], { cwd: folder });
    expect(other.code).toBe(0);
    expect(readFileSync(join(folder, 'runbooks/own.md'), 'utf8')).toBe('mine');
  });

  it('adds to the runbooks of a folder those that the config names, and check takes both', async () => {
    const own = '---\ntitle: Mine\n---\nLook at it.\n';
    const folder = folderOf({ 'runbooks/own.md': own, 'runbooks/no-data.md': own });
    expect(await tocsin(['init', ...answers], { cwd: folder })).toMatchObject({ code: 0 });
    expect(readConfig(join(folder, 'config'), join(folder, 'runbooks'))).toMatchObject({ ok: true });
    expect(readFileSync(join(folder, 'runbooks/no-data.md'), 'utf8')).toBe(own);
    expect(readdirSync(join(folder, 'runbooks')).toSorted()).toEqual([
      'accuracy-drop.md',
      'no-data.md',
      'own.md',
      'source-failing.md',
    ]);
  });

  it.each([
    ['a runbook that cannot be read', { 'runbooks/own.md': 'mine' }, [], /own\.md: .*front matter/],
    ['a file where the folder should be', { there: '' }, ['there'], /there.* cannot be made/],
    ['a file where the runbooks should be', { runbooks: '' }, [], /runbooks/],
    ['a folder that takes none', {}, ['/proc/tocsin'], /\/proc\/tocsin.* cannot be made/],
  ])('says what is wrong with %s, and writes nothing', async (_, files: Record<string, string>, where, message) => {
    const folder = folderOf(files);
    const { code, err } = await tocsin(['init', ...where, ...answers], { cwd: folder });
    expect(code).toBe(1);
    expect(err).toMatch(message);
    expect(existsSync(join(folder, 'config'))).toBe(false);
  });

  it.each([
    ['without an answer where nobody can be asked', ['--watch', 'churn accuracy'], /--bad is needed/],
    ['on an answer that is not understood', ['--watch', 'churn acuracy'], /--watch: .*such as accuracy/],
    ['on drift below a size', ['--watch', 'churn drift age', '--bad', 'below 0.2', '--page', 'Mei'], /above 0.25/],
    [
      'on answers that do not fit each other',
      ['--watch', 'churn accuracy', '--bad', 'above 250', '--page', 'Mei'],
      /watch\.yaml:\d+/,
    ],
  ])('writes nothing %s', async (_, given, message) => {
    const folder = folderOf({});
    const { code, err } = await tocsin(['init', ...given], { cwd: folder });
    expect(code).toBe(1);
    expect(err).toMatch(message);
    expect(existsSync(join(folder, 'config'))).toBe(false);
  });
});
