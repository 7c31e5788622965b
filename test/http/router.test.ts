import { expect, it } from 'vitest';
import { siteOf } from './site.ts';

it('all addresses are told apart by one expression: the slower router, of which each request would pay, is not needed', async () => {
  const { app, get } = siteOf();
  await get('/-/ready');
  expect(app.router.name).toContain('RegExpRouter');
});
