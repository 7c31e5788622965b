import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryError } from '../../app/ports/delivery-error.ts';
import type { DeploymentOf, RollbackHook, RollbackRequest } from '../../app/ports/rollback-hook.ts';
import type { HookKind } from '../../core/remediation/hooks/hook.ts';
import type { Behaviour } from './channel.ts';

/**
 * What stands behind the hook: versions 1, 2 and 3 were deployed in this order, and 3 is live.
 * `revision` changes whenever anything is deployed.
 */
export type OpenHook<K extends HookKind> = {
  hook: RollbackHook<K>;
  deployment: DeploymentOf<K>;
  live: () => string;
  /** Someone else deploys a version. */
  deploy: (version: string) => void;
  /** Someone has another version take a share of the traffic, beside the live one. */
  tryBeside?: (version: string, weight: number) => void;
  /** How often the live version was changed through the hook. */
  changes: () => number;
  behave: (behaviour: Exclude<Behaviour, 'dead'>) => void;
  close: () => Promise<void>;
};

async function failure(asking: Promise<unknown>): Promise<DeliveryError> {
  const error = await asking.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof DeliveryError)) throw new Error('expected a DeliveryError', { cause: error });
  return error;
}

/**
 * What rollback relies on of every hook. `servesOne`: what stands behind it never has two versions
 * share the traffic.
 */
export function rollbackHookContract<K extends HookKind>(
  name: string,
  open: () => Promise<OpenHook<K>>,
  { servesOne = false } = {},
): void {
  describe(`${name} keeps the contract of a rollback hook`, () => {
    let opened: OpenHook<K>;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    const tryBeside = (version: string, weight: number): void => {
      if (opened.tryBeside === undefined) throw new Error('expected a way to have another version take a share of the traffic');
      opened.tryBeside(version, weight);
    };
    const itShares = it.skipIf(servesOne);
    const look = () => opened.hook.describe('scorer', opened.deployment);
    const request = (over: Partial<RollbackRequest> = {}) =>
      opened.hook.rollback('scorer', opened.deployment, { deployment: 'scorer', from: '3', to: '2', requestId: 'r-1', ...over });

    it('says what is live and what could be instead, newest first', async () => {
      const view = await look();
      expect(view.current).toBe('3');
      expect(view.candidates.map(({ version }) => version)).toEqual(['2', '1']);
      expect(view.candidates[0]?.deployedAt).toBe(Date.UTC(2026, 0, 2));
      expect(view.revision).toBeTruthy();
    });

    itShares('says who gets which share of the traffic while a newer version is tried beside the live one', async () => {
      opened.deploy('2');
      tryBeside('3', 0.25);
      const view = await look();
      expect(view.current).toBe('2');
      expect(view.split?.toSorted((a, b) => (a.version < b.version ? -1 : 1))).toEqual([
        { version: '2', weight: 0.75 },
        { version: '3', weight: 0.25 },
      ]);
      expect(view.candidates.map(({ version }) => version)).toEqual(['1']);
    });

    itShares('takes out what is tried, and leaves the live version', async () => {
      opened.deploy('2');
      tryBeside('3', 0.25);
      const { revision } = await look();
      expect((await request({ from: '3', to: '2', revision })).already).toBe(false);
      const view = await look();
      expect([view.current, view.split ?? []]).toEqual(['2', []]);
      expect((await request({ from: '3', to: '2', revision })).already).toBe(true);
      expect(opened.changes()).toBe(1);
    });

    itShares('leaves the live version for an earlier one, and takes out what is tried beside it', async () => {
      opened.deploy('2');
      tryBeside('3', 0.25);
      const { revision } = await look();
      await request({ from: '2', to: '1', revision });
      const view = await look();
      expect([view.current, view.split ?? []]).toEqual(['1', []]);
    });

    itShares('refuses for good when something is tried since the decision', async () => {
      const { revision } = await look();
      tryBeside('1', 0.25);
      expect((await failure(request({ revision }))).retryable).toBe(false);
      expect(opened.live()).toBe('3');
    });

    it('returns to the wanted version, and gives an id of the provider', async () => {
      const { revision } = await look();
      const outcome = await request({ revision });
      expect(outcome.already).toBe(false);
      expect(outcome.providerId).toBeTruthy();
      expect(opened.live()).toBe('2');
      expect((await look()).current).toBe('2');
    });

    it('does nothing the second time', async () => {
      const { revision } = await look();
      await request({ revision });
      expect((await request({ revision })).already).toBe(true);
      expect(opened.changes()).toBe(1);
    });

    it('refuses for good when something else was deployed after the decision', async () => {
      const { revision } = await look();
      opened.deploy('1');
      expect((await failure(request({ revision }))).retryable).toBe(false);
      expect(opened.live()).toBe('1');
    });

    it('refuses for good when the wanted version is gone', async () => {
      expect((await failure(request({ to: '99' }))).retryable).toBe(false);
      expect(opened.live()).toBe('3');
    });

    it('passes on how long a busy provider wants to be left alone', async () => {
      opened.behave({ status: 429, retryAfter: '5' });
      expect(await failure(look())).toMatchObject({ retryable: true, retryAfterMs: 5000 });
      expect(await failure(request())).toMatchObject({ retryable: true, retryAfterMs: 5000 });
    });

    it.each([500, 503] as const)('may be asked again after status %i', async (status) => {
      opened.behave({ status });
      expect((await failure(look())).retryable).toBe(true);
      expect((await failure(request())).retryable).toBe(true);
    });

    it('may be asked again after a cut connection', async () => {
      opened.behave('cut');
      expect((await failure(look())).retryable).toBe(true);
      expect((await failure(request())).retryable).toBe(true);
    });
  });
}
