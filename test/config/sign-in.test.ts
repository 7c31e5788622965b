import { expect, test } from 'vitest';
import { errorsOf } from './errors-of.ts';

const provider = 'oidc: { issuer: "https://id.example.com", clientId: tocsin }';
const signIn = (keys: string, more = ''): string[] => errorsOf(`settings: { signIn: { ${keys} }${more} }`);
const one = (pattern: RegExp) => [expect.stringMatching(pattern)];

test('a provider takes a secret that signs sessions, TLS, and keys that are known', () => {
  expect(signIn(`secret: KEY, ${provider}`)).toEqual([]);
  expect(signIn(provider)).toEqual(one(/signIn\.secret/));
  expect(signIn('secret: KEY, oidc: { issuer: "http://id.example.com", clientId: tocsin }')).toEqual(one(/oidc\.issuer/));
  expect(signIn('secret: KEY, oidc: { issuer: "http://127.0.0.1:8080", clientId: tocsin }')).toEqual([]);
  expect(signIn(`secret: KEY, ${provider}`, ', publicUrl: "http://tocsin.example.com"')).toEqual(one(/settings\.publicUrl/));
  expect(signIn(`secret: KEY, ${provider}`, ', publicUrl: "https://tocsin.example.com"')).toEqual([]);
  expect(signIn('secret: KEY, oidc: { issuer: "https://id.example.com", clientId: tocsin, allow: { domain: [a] } }')).toEqual(
    one(/did you mean "domains"/),
  );
});

test('a secret that stands there itself is not shown', () => {
  const errors = signIn('secret: KEY, oidc: { issuer: "https://id.example.com", clientId: a, clientSecret: hunter2-hunter2 }');
  expect(errors).toEqual(one(/clientSecret/));
  expect(errors.join()).not.toMatch(/hunter2/);
});

test('an address belongs to one responder', () => {
  const ben =
    'responders: { ben: { name: Ben, email: A@example.com, contacts: [{ terminal: true }] }, lea: { name: Lea, email: a@EXAMPLE.com, contacts: [{ terminal: true }] } }';
  expect(errorsOf(ben)).toEqual(one(/responders\.lea\.email/));
});
