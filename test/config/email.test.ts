import { describe, expect, it } from 'vitest';
import { functionNeeds, secretNames } from '../../core/config/function-needs.ts';
import { configOf } from '../app/runtime.ts';
import { errorsOf } from './errors-of.ts';

const ben = (contact: string): string => `responders:\n  ben: { name: Ben, contacts: [${contact}] }\n`;
const settings = (text: string): string => `settings:\n  email: ${text}\n`;
const identity = 'arn:aws:ses:eu-central-1:123456789012:identity/example.com';
const bySmtp = settings('{ from: t@example.com, smtp: { host: smtp.example.com } }');

describe('e-mail in a config', () => {
  it('is one address or a list, with settings.email', () => {
    for (const contact of ['{ email: ben@example.com }', '{ email: [ben@example.com, on-call@example.com] }'])
      expect(errorsOf(ben(contact), bySmtp), contact).toEqual([]);
    const [error, ...others] = errorsOf(ben('{ email: ben@example.com }'));
    expect(error).toContain('settings.email');
    expect(others).toEqual([]);
  });

  it('is refused where it is no address, or could be more than one', () => {
    for (const bad of [
      'ben',
      'Ben <ben@example.com>',
      '"ben@example.com, eve@example.com"',
      '"ben@example.com\\nBcc: eve@example.com"',
      '[]',
    ])
      expect(errorsOf(ben(`{ email: ${bad} }`), bySmtp), bad).toHaveLength(1);
  });

  it('leaves by exactly one way, and no password crosses a network in plain text', () => {
    const good = [
      `{ from: t@example.com, ses: { identity: "${identity}" } }`,
      '{ from: t@example.com, smtp: { host: smtp.example.com, user: t, password: MAIL_PASSWORD } }',
      '{ from: t@example.com, smtp: { host: localhost, tls: off, user: t, password: MAIL_PASSWORD } }',
      '{ from: t@example.com, smtp: { host: 10.0.0.5, tls: off } }',
    ];
    for (const text of good) expect(errorsOf(settings(text)), text).toEqual([]);
    const bad = [
      '{ from: t@example.com }',
      `{ from: t@example.com, ses: { identity: "${identity}" }, smtp: { host: smtp.example.com } }`,
      '{ from: t@example.com, smtp: { host: smtp.example.com, user: t } }',
      '{ from: t@example.com, smtp: { host: smtp.example.com, tls: off, user: t, password: MAIL_PASSWORD } }',
      '{ from: t@example.com, smtp: { host: "smtp://smtp.example.com" } }',
      '{ from: t@example.com, smtp: { host: smtp.example.com, user: t, password: "hush hush" } }',
      '{ from: t@example.com, ses: { identity: example.com } }',
    ];
    for (const text of bad) expect(errorsOf(settings(text)), text).toHaveLength(1);
  });

  it('lets deliver alone send by SES, once however many are reached, and read the password of a mail server', () => {
    const contacts = [{ email: 'ana@example.com' }, { email: 'bo@example.com' }];
    const responders = { ana: { name: 'Ana', contacts } };
    const bySes = functionNeeds(configOf({ responders, settings: { email: { from: 't@example.com', ses: { identity } } } }));
    const mail = Object.entries(bySes).flatMap(([name, { permissions }]) =>
      permissions.filter(({ actions }) => actions.includes('ses:SendEmail')).map(({ on }) => ({ name, on })),
    );
    expect(mail).toEqual([{ name: 'deliver', on: { by: 'arn', arn: identity } }]);
    const smtp = { host: 'smtp.example.com', user: 't', password: 'MAIL_PASSWORD' };
    const needs = functionNeeds(configOf({ responders, settings: { email: { from: 't@example.com', smtp } } }));
    expect(secretNames(needs)).toContain('MAIL_PASSWORD');
    expect(
      Object.entries(needs)
        .filter(([, { secrets = [] }]) => secrets.includes('MAIL_PASSWORD'))
        .map(([name]) => name),
    ).toEqual(['deliver']);
  });
});
