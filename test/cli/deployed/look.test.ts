import { describe, expect, it } from 'vitest';
import { DeliveryError } from '../../../app/ports/delivery-error.ts';
import { unanswered } from '../../../cli/doctor/aws-errors.ts';
import { asSeenFromHere } from '../../../cli/doctor/deployed/look.ts';
import { checked } from '../../../cli/doctor/finding.ts';

const named = (name: string): Error => Object.assign(new Error('no'), { name });
const at = { area: 'rollbacks', what: 'scorer' } as const;

describe('what AWS did not answer', () => {
  it.each([
    ['AccessDeniedException', 'denied'],
    ['AccessDenied', 'denied'],
    ['AuthorizationErrorException', 'denied'],
    ['ThrottlingException', 'throttled'],
    ['TooManyRequestsException', 'throttled'],
    ['ExpiredTokenException', 'credentials'],
    ['CredentialsProviderError', 'credentials'],
    ['ResourceNotFoundException', undefined],
    ['TimeoutError', undefined],
  ])('is known by its name, also inside of what an adapter says: %s', (name, why) => {
    expect(unanswered(named(name))).toBe(why);
    expect(unanswered(new DeliveryError('the alias', { retryable: false, cause: named(name) }))).toBe(why);
  });

  it('says nothing about a deployment, seen from another terminal; and all about a service, seen from its own', async () => {
    const denied = await checked(at, 'check the hook', () => Promise.reject(named('AccessDeniedException')));
    expect(denied.state).toBe('failed');
    expect(asSeenFromHere(denied)).toMatchObject({ state: 'unknown', todo: expect.stringMatching(/^allow .* to yourself/) });
    const gone = await checked(at, 'check the hook', () => Promise.reject(named('ResourceNotFoundException')));
    expect(asSeenFromHere(gone)).toEqual({ ...at, state: 'failed', found: 'no', todo: 'check the hook' });
  });
});
