import { describe, expect, it } from 'vitest';
import { functionNeeds } from '../../core/config/function-needs.ts';
import { configOf } from '../app/runtime.ts';
import { errorsOf } from './errors-of.ts';

const ben = (number: string): string => `responders:\n  ben: { name: Ben, contacts: [{ sms: ${number} }] }\n`;
const settings = (text: string): string => `settings:\n  sms: ${text}\n`;
const account = `AC${'0'.repeat(32)}`;
const byTwilio = `{ twilio: { account: ${account}, token: TWILIO_TOKEN, from: "+15005550006" } }`;
const from = 'arn:aws:sms-voice:eu-central-1:123456789012:phone-number/phone-1';

describe('text messages in a config', () => {
  it('go to a number with its country, by exactly one vendor', () => {
    expect(errorsOf(ben('"+491701234567"'), settings(byTwilio))).toEqual([]);
    expect(errorsOf(ben('"+491701234567"'), settings(`{ aws: { from: "${from}" } }`))).toEqual([]);
    expect(errorsOf(ben('"+491701234567"'))).toHaveLength(1);
    for (const bad of ['"0170 1234567"', '"+49 170 1234567"', '491701234567'])
      expect(errorsOf(ben(bad), settings(byTwilio)), bad).toHaveLength(1);
    for (const bad of ['{}', '{ aws: { from: "+4917012345" } }', byTwilio.replace('TWILIO_TOKEN', '"hush hush"')])
      expect(errorsOf(settings(bad)), bad).toHaveLength(1);
  });

  it('let deliver alone send by AWS, from what the config names', () => {
    const responders = { ana: { name: 'Ana', contacts: [{ sms: '+491701234567' }, { sms: '+491701234568' }] } };
    const needs = functionNeeds(configOf({ responders, settings: { sms: { aws: { from } } } }));
    const rights = Object.entries(needs).flatMap(([name, { permissions }]) =>
      permissions.filter(({ actions }) => actions.includes('sms-voice:SendTextMessage')).map(({ on }) => ({ name, on })),
    );
    expect(rights).toEqual([{ name: 'deliver', on: { by: 'arn', arn: from } }]);
  });
});
