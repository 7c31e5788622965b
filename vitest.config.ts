import { configDefaults, defineConfig } from 'vitest/config';

// Waits for the real Prometheus for a quarter of a minute; `npm run check -- --slow` and CI run it.
const slow = process.env['TOCSIN_SLOW_TESTS'] === undefined ? ['test/prometheus/**'] : [];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', '{core,app,adapters,http,local,cli,lib,examples}/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...slow],
    // One worker a core: by default one core is left out, which is half of a small machine.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
