import { expect, it } from 'vitest';
import { noteConfig } from '../../app/respond/note-config.ts';
import { configOf, minute, ruleOn, storyOf } from '../scenario/harness.ts';

it('puts a changed config in the audit log once, with who brought it', async () => {
  const { ports, store, clock, decided } = storyOf();
  const changed = { ...ports, config: configOf({ rules: { slow: ruleOn('latency', { step: '5m' }) } }) };
  await noteConfig(ports, 'cli:ana', clock.now());
  expect(await store.auditLog(100)).toEqual([]);
  for (let n = 1; n <= 3; n += 1) await noteConfig(changed, 'deploy', clock.now() + n * minute);
  expect(await store.auditLog(100)).toMatchObject([{ kind: 'config', text: 'rules.slow changed', actor: 'deploy' }]);
  expect(decided.audit.map(({ kind }) => kind)).toEqual(['config']);
  await noteConfig(ports, 'cli:ana', clock.now() + 9 * minute);
  expect((await store.auditLog(100)).at(-1)).toMatchObject({ text: 'rules.slow changed', actor: 'cli:ana' });
});

it('keeps nothing from its work when the store fails', async () => {
  const { ports, clock, logged } = storyOf();
  const store = { ...ports.store, meta: () => Promise.reject(new Error('throttled')) };
  await noteConfig({ ...ports, store }, 'deploy', clock.now());
  expect(logged).toEqual([
    expect.stringMatching(/^warn: a change of the config could not be written to the audit log .*throttled/),
  ]);
});
