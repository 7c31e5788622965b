import { describe, expect, it } from 'vitest';
import { ownRunbooks } from '../../../cli/own-files.ts';
import { presets } from '../../../cli/presets/all.ts';
import { formatConfigError, loadConfig } from '../../../core/config/load.ts';
import { readRunbooks } from '../../../local/read-config.ts';
import { tocsin } from '../run.ts';

const base = `
responders:
  ana: { name: Ana, contacts: [{ terminal: true }] }
policies:
  plain: { tiers: [{ targets: [{ responder: ana }], ackWithin: 5m }] }
matrix:
  default: { warn: { policy: plain }, critical: { policy: plain } }
sources:
  SOURCE: KIND
`;
const kinds = { prometheus: '{ kind: prometheus, url: "http://127.0.0.1:9090" }', cloudwatch: '{ kind: cloudwatch }' };
const runbooks = new Set(readRunbooks(ownRunbooks).keys());

const errorsOf = (text: string, source: string, asks: keyof typeof kinds, known = runbooks): string[] => {
  const others = base.replace('SOURCE', source).replace('KIND', kinds[asks]);
  const loaded = loadConfig(
    [
      { path: 'rules.yaml', text },
      { path: 'base.yaml', text: others },
    ],
    known,
  );
  return loaded.ok ? [] : loaded.errors.map(formatConfigError);
};

describe('tocsin presets', () => {
  it('lists every preset with what it asks', async () => {
    const { out, code } = await tocsin(['presets']);
    expect(code).toBe(0);
    for (const name of ['triton', 'kserve', 'vllm', 'torchserve', 'tfserving', 'bentoml', 'ray-serve', 'sagemaker', 'feast'])
      expect(out).toMatch(new RegExp(`^${name} .*rules? that ask a source of the kind \\w+$`, 'm'));
  });

  it.each(Object.entries(presets))('%s pastes into a config that has its source', async (name, { asks, rules }) => {
    const usual = asks === 'prometheus' ? 'prom' : 'cloudwatch';
    const { out } = await tocsin(['presets', name]);
    expect(errorsOf(out, usual, asks)).toEqual([]);
    expect(Object.keys(rules).every((id) => id.startsWith(`${name}-`))).toBe(true);
    const own = (await tocsin(['presets', name, '--source', 'mine', '--runbook', 'ours'])).out;
    expect(errorsOf(own, 'mine', asks, new Set(['ours', 'source-failing']))).toEqual([]);
  });

  it('says what it knows when the name is another one', async () => {
    const { err, code } = await tocsin(['presets', 'vlm']);
    expect(code).toBe(1);
    expect(err).toContain('received "vlm"; did you mean vllm?');
  });

  it('all rules have names of their own, so that several presets go together', () => {
    const all = Object.values(presets).flatMap(({ rules }) => Object.keys(rules));
    expect(new Set(all).size).toBe(all.length);
  });
});
