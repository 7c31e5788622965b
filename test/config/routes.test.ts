import { expect, test } from 'vitest';
import { errorsOf } from './errors-of.ts';

const routes = (...lines: string[]): string[] => errorsOf(`routes:\n${lines.map((line) => `  - { ${line} }\n`).join('')}`);
const one = (pattern: RegExp) => [expect.stringMatching(pattern)];

test('routes that lead somewhere are right', () => {
  expect(
    routes(
      'name: a, match: { team: x }, policy: plain, routes: [{ name: b, match: ["severity=critical"], tell: [{ responder: ana }] }]',
      'name: c, match: { env: dev }, pages: nobody',
      'name: d, match: {}, continue: true, tell: [{ responder: ana }]',
      'name: e, match: {}, policy: plain',
    ),
  ).toEqual([]);
});

test('what no alert reaches, or nobody is behind, is reported where it is written', () => {
  expect(routes('name: a, match: { team: x }, policy: plian')).toEqual(one(/routes\[0\]\.policy: .*did you mean "plain"/));
  expect(routes('name: a, match: { team: x }, tell: [{ responder: anna }]')).toEqual(one(/tell\[0\]\.responder/));
  expect(routes('name: a, match: {}', 'name: b, match: { team: x }')).toEqual(
    one(/no alert comes here: the route a before it takes all/),
  );
  expect(routes('name: a, match: { team: x }', 'name: a, match: { team: y }')).toEqual(one(/expected a name of its own/));
  expect(routes('name: a, match: { severity: critcal }')).toEqual(one(/did you mean "critical"/));
});

test('a route to nobody names what it keeps quiet, and nothing else beside it', () => {
  expect(routes('name: a, match: {}, pages: nobody')).toEqual(one(/does not match the empty string/));
  expect(routes('name: a, match: ["team!=x"], pages: nobody')).toEqual(one(/does not match the empty string/));
  expect(routes('name: a, match: { team: x }, pages: nobody, policy: plain')).toEqual(one(/received both/));
  expect(routes('name: a, match: { team: x }, pages: nobody, tell: [{ responder: ana }]')).toEqual(one(/tells nobody/));
});
