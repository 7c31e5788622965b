import { describe, expect, it } from 'vitest';
import { deliveryToken, deliveryUrl } from '../../adapters/vendor-post.ts';
import { DeliveryError } from '../../app/ports/delivery-error.ts';

const secretsWith = (value: string) => ({ get: async () => value });
const refusalOf = (token: Promise<unknown>): Promise<unknown> =>
  token.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a token of a vendor', () => {
  it('is taken without the line break that a file ends in', async () => {
    expect(await deliveryToken(secretsWith(' k3y\r\n'), 'KEY', 'ntfy')).toBe('k3y');
    expect((await deliveryUrl(secretsWith('https://example.com/k3y\n'), 'KEY', 'Teams')).pathname).toBe('/k3y');
  });

  it('that no header can carry fails for good, by the name of its secret alone', async () => {
    for (const value of ['k3y\nk3y-of-before', 'k3y and more', 'k3y\u2026', ' \n']) {
      const error = await refusalOf(deliveryToken(secretsWith(value), 'NTFY_TOKEN', 'ntfy'));
      expect(error).toBeInstanceOf(DeliveryError);
      expect(error).toMatchObject({ retryable: false, message: expect.stringContaining('NTFY_TOKEN') });
      expect(String(error)).not.toContain('k3y');
    }
  });
});
