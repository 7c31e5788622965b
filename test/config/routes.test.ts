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

test.each([
  ['a broader one', 'name: a, match: { team: x }', 'name: b, match: { team: x, env: dev }'],
  ['one with more values', 'name: a, match: [\'team=~"x|y"\']', 'name: b, match: { team: x }'],
  ['an open pattern', 'name: a, match: [\'team=~".+"\']', 'name: b, match: { team: x }'],
  ['one that rules out something else', 'name: a, match: ["team!=y"]', 'name: b, match: { team: x }'],
  ['the same one', 'name: a, match: ["severity=critical"]', 'name: b, match: ["severity=critical", "team=x"]'],
])('a route behind %s without continue is reported', (_, first, second) => {
  expect(routes(first, second)).toEqual(one(/routes\[1\]\.match: no alert comes here: the route a before it/));
  expect(routes(`${first}, continue: true`, second)).toEqual([]);
  expect(routes(second, first)).toEqual(first === second ? one(/./) : []);
});

test('a route that some alert reaches is left alone', () => {
  for (const [first, second] of [
    ['team: x', 'env: dev'],
    ['team: x, env: dev', 'team: x'],
    ['severity: warn', 'severity: critical'],
    // An alert that was sent with severity=page is critical as well, so either may be meant.
    ['severity: page', 'severity: critical'],
  ])
    expect(
      routes(`name: a, match: { ${first} }`, `name: b, match: { ${second} }`).filter((error) => error.includes('comes here')),
    ).toEqual([]);
});

test('a route that contradicts itself, or the one around it, is reported', () => {
  expect(routes('name: a, match: ["team=x", "team!=x"]')).toEqual(one(/none can have team="x" and team!="x"/));
  expect(routes('name: a, match: { team: x }, routes: [{ name: b, match: { team: y } }]')).toEqual(
    one(/routes\[0\]\.routes\[0\]\.match: no alert comes here: none can have/),
  );
});

test('a route to nobody names what it keeps quiet, and nothing else beside it', () => {
  expect(routes('name: a, match: {}, pages: nobody')).toEqual(one(/does not match the empty string/));
  expect(routes('name: a, match: ["team!=x"], pages: nobody')).toEqual(one(/does not match the empty string/));
  expect(routes('name: a, match: { team: x }, pages: nobody, policy: plain')).toEqual(one(/received both/));
  expect(routes('name: a, match: { team: x }, pages: nobody, tell: [{ responder: ana }]')).toEqual([]);
});
