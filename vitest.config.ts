import { join } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';

// Real bundles, recorded data, a real Prometheus; `npm run check -- --slow` and CI run them.
const isSlowLane = process.env['TOCSIN_SLOW_TESTS'] !== undefined;
const slow = isSlowLane ? [] : ['**/*.slow.test.ts'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', '{core,app,adapters,stores,http,local,cli,lib,examples}/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...slow],
    // One worker a core: by default one core is left out, which is half of a small machine.
    maxWorkers: '100%',
    // Files of one worker share what they import: to import it again in each takes a sixth of the
    // time. So a test leaves nothing behind.
    isolate: false,
    // In the slow lane compilers and servers run beside the tests. A limit is there to end what
    // hangs, not to measure.
    testTimeout: isSlowLane ? 240_000 : 60_000,
    hookTimeout: isSlowLane ? 240_000 : 60_000,
    expect: { poll: { timeout: isSlowLane ? 120_000 : 30_000 } },
    // Programs that tests start take a third less time to come up when Node keeps what it made of
    // their files.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules', '.cache', 'compile') },
  },
});
