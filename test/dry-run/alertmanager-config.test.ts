import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { alertmanagerConfig } from '../../core/dry-run/alertmanager/config-text.ts';
import { receiverOf } from '../../core/response/escalation/receivers.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import { parseOnlyMatchers } from '../../core/vocabulary/matchers/parse-matchers.ts';
import { matches } from '../../core/vocabulary/matching.ts';
import { alertSeverities, categories, type Labels } from '../../core/vocabulary/schema-parts.ts';
import { configOf, type Part } from '../scenario/harness.ts';

type Written = { receiver: string; matchers?: string[]; routes?: Written[] };
type Document = { route: Written; receivers: { name: string }[]; inhibit_rules?: object[] };

const written = (part: Part): { text: string; document: Document } => {
  const text = alertmanagerConfig(configOf(part));
  return { text, document: parse(text) as Document };
};

/** As Alertmanager walks its routes, none of which goes on after a match. */
function walk(route: Written, labels: Labels): string {
  const taken = route.routes?.find(({ matchers = [] }) =>
    matchers.every((one) => {
      const read = parseOnlyMatchers(one);
      if (!read.ok) throw new Error(read.reason);
      return matches(read.matchers, { labels });
    }),
  );
  return taken === undefined ? route.receiver : walk(taken, labels);
}

const policies = {
  default: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '10m' }] },
  data: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '1h' }] },
} as const;

describe('the config of an Alertmanager that would route as Tocsin does', () => {
  const value = fc.constantFrom('a', 'b');
  const matcher = fc.record({ name: fc.constantFrom('team', 'env'), op: fc.constantFrom('=', '!=', '=~', '!~'), value });
  const does = fc.constantFrom({}, {}, { policy: 'data' }, { policy: 'default' }, { pages: 'nobody' });
  const route = (inner: fc.Arbitrary<object[]>) =>
    fc
      .record({ match: fc.array(matcher, { minLength: 1, maxLength: 2 }), does, goesOn: fc.boolean(), inner })
      .map(({ match, does: what, goesOn, inner: routes }) => ({
        name: 'r',
        match: match.map(({ name, op, value: text }) => `${name}${op}"${text}"`),
        ...what,
        continue: goesOn,
        ...(routes.length > 0 ? { routes } : {}),
      }));
  const routes = fc.array(route(fc.array(route(fc.constant([])), { maxLength: 2 })), { maxLength: 3 });

  test('sends every alert to the receiver that Tocsin sends it to', () => {
    const matrix = {
      drift: { warn: { policy: 'data' } },
      latency: { critical: { policy: 'data' } },
      default: { warn: { policy: 'default' }, critical: { policy: 'default' } },
    };
    fc.assert(
      fc.property(
        routes,
        fc.dictionary(fc.constantFrom('team', 'env'), value),
        fc.constantFrom(...categories),
        fc.constantFrom(...alertSeverities),
        (all, labels, category, severity) => {
          const part = { policies, matrix, routes: all } as unknown as Part;
          const config = configOf(part);
          const { document } = written(part);
          const alert = { labels, category, severity, ruleId: asRuleId('x') };
          const plain = { __proto__: null, ...labels, category, severity } as unknown as Labels;
          expect(walk(document.route, plain)).toBe(receiverOf(config, alert));
        },
      ),
    );
  });

  test('where a route goes on and what is inside of it names no policy, the routes after it decide', () => {
    const routes = [
      { name: 'on', match: 'team="a"', continue: true, routes: [{ name: 'in', match: 'env="b"' }] },
      { name: 'off', match: 'env="b"', pages: 'nobody' },
    ];
    const part = { policies, routes } as unknown as Part;
    const labels = { team: 'a', env: 'b' };
    const alert = { labels, category: 'data-quality' as const, severity: 'warn' as const, ruleId: asRuleId('x') };
    expect(receiverOf(configOf(part), alert)).toBe('(nobody)');
    expect(walk(written(part).document.route, { ...labels, category: 'data-quality', severity: 'warn' })).toBe('(nobody)');
  });

  test('says in comments what the format cannot, and holds no contact and no secret', () => {
    const { text, document } = written({
      policies,
      responders: { ana: { name: 'Ana', contacts: [{ webhook: { url: 'https://hook.example/x', secret: 'HOOK_KEY' } }] } },
      routes: [
        { name: 'odd', match: '"a b"="c"', policy: 'data' },
        { name: 'also', match: 'team="a"', tell: [{ responder: 'ana' }], continue: true },
      ],
      muteTimings: { night: { timezone: 'UTC', match: 'job="x"', windows: [{ from: '22:00', to: '06:00' }] } },
      inhibitions: [{ name: 'down', source: 'a="b"', target: 'c="d"', equal: ['team'] }],
    } as unknown as Part);
    expect(text).not.toMatch(/hook\.example|HOOK_KEY/);
    expect(text.split('\n').filter((line) => line.startsWith('# - '))).toEqual([
      expect.stringContaining('route odd is left out'),
      expect.stringContaining('route also tells responder/ana'),
      expect.stringContaining('mute timing night mutes job="x"'),
      expect.stringContaining('policy default pages responder/ana for 10m'),
      expect.stringContaining('policy data pages'),
    ]);
    expect(document.inhibit_rules).toEqual([{ source_matchers: ['a="b"'], target_matchers: ['c="d"'], equal: ['team'] }]);
    expect(document.receivers.map(({ name }) => name)).toEqual(['default', 'data', '(nobody)']);
  });
});
