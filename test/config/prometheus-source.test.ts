import { describe, expect, test } from 'vitest';
import { functionNeeds } from '../../core/config/function-needs.ts';
import { secretsOf } from '../../core/dry-run/cost/secrets.ts';
import { configOf } from '../app/runtime.ts';
import { errorsOf, rule } from './errors-of.ts';

const source = (keys: string): string => `sources:\n  prom: { kind: prometheus, ${keys} }\n`;
const errorOf = (keys: string): string => errorsOf(source(keys)).join('\n');

describe('a source of the kind prometheus', () => {
  test('takes an address with a path, and one way to prove who asks', () => {
    expect(errorOf('url: "https://mimir.example.com/prometheus", basic: { username: "123", password: PROM_PASSWORD }')).toBe('');
    expect(errorOf('url: "http://127.0.0.1:9090", bearer: PROM_TOKEN, headers: { X-Scope-OrgID: ml }')).toBe('');
  });

  test('refuses a password in the address, and does not repeat it', () => {
    const error = errorOf('url: "https://tocsin:hunter2@prom.example.com"');
    expect(error).toContain('what looks like a password in an address');
    expect(error).not.toContain('hunter2');
  });

  test.each([
    ['url: "https://tocsin@prom.example.com"', 'without a user name'],
    ['url: "https://prom.example.com/api/v1"', 'without /api/v1'],
    ['url: "https://prom.example.com?tenant=a"', 'without ? and #'],
    ['url: prom.example.com', 'http:// or https://'],
    [
      'url: "https://p.example.com", bearer: A_TOKEN, basic: { username: a, password: A_PASSWORD }',
      'one of basic, bearer and sigv4',
    ],
    ['url: "https://p.example.com", headers: { Authorization: "Bearer x" }', 'no header that Tocsin sets itself'],
    ['url: "https://p.example.com", bearer: "abc-def"', 'the NAME of a secret'],
    ['url: "http://p.example.com", tls: { ca: A_CA }', 'expected an https:// url'],
    ['url: "https://p.example.com", tls: { cert: A_CERT }', 'cert and key together'],
    ['url: "https://p.example.com", sigv4: { workspace: ws-1 }', 'the ARN of a workspace'],
    ['url: "https://p.example.com", timeout: 1m', 'at most 20s'],
  ])('refuses %s', (keys, message) => {
    expect(errorOf(keys)).toContain(message);
  });

  test('needs a count beside a share that is to be judged with confidence', () => {
    const asking = (query: string): string =>
      errorsOf(
        `${source('url: "https://p.example.com"')}${rule({ source: 'prom', step: '1m', samples: '{ confidence: 95%, minCount: 10 }', query: `{ prometheus: ${query} }` }).replace('sources:', 'x-sources:')}`,
      ).join('\n');
    expect(asking('{ query: errors / calls }')).toContain('add `count` to the query');
    expect(asking('{ query: errors / calls, count: calls }')).not.toContain('count');
  });
});

test('what judges reads the secrets of its sources and queries their workspaces, and nobody else does', () => {
  const workspace = 'arn:aws:aps:eu-central-1:111122223333:workspace/ws-0a1b2c3d';
  const config = configOf({
    sources: {
      plain: {
        kind: 'prometheus',
        url: 'https://p.example.com',
        basic: { username: 'u', password: 'PROM_PASSWORD' },
        tls: { ca: 'PROM_CA', cert: 'PROM_CERT', key: 'PROM_KEY' },
      },
      amp: { kind: 'prometheus', url: 'https://aps-workspaces.eu-central-1.amazonaws.com/x', sigv4: { workspace } },
    },
  });
  const names = ['PROM_CA', 'PROM_CERT', 'PROM_KEY', 'PROM_PASSWORD'];
  const { evaluate, judge, ...others } = functionNeeds(config);
  for (const { secrets, permissions } of [evaluate, judge]) {
    expect(secrets).toEqual(names);
    expect(permissions).toEqual([{ actions: ['aps:QueryMetrics'], on: { by: 'arn', arn: workspace } }]);
  }
  expect(Object.values(others).flatMap(({ secrets = [] }) => secrets)).toEqual([]);
  expect(secretsOf(config)).toEqual(names);
});
