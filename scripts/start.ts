import { enableCompileCache } from 'node:module';
import type { StartOptions } from '../local/main.ts';

// A second start is faster by what the first one has compiled; what is to be remembered has to be
// loaded afterwards.
enableCompileCache();
const { orExplain, serve, startCommand } = await import('../local/main.ts');

// A page on a terminal that is gone would count as delivered, so the service does not go on without
// it.
process.stdout.on('error', () => process.exit(1));

const options = startCommand().parse().opts<StartOptions>();
if (options.example) {
  const { serveWithExample } = await import('../examples/flight-delays/main.ts');
  await orExplain(serveWithExample(options));
} else {
  await orExplain(serve(options));
}
