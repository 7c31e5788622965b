import { orExplain, type StartOptions, serve, startCommand } from '../local/main.ts';

const options = startCommand().parse().opts<StartOptions>();
if (options.example) {
  const { serveWithExample } = await import('../examples/flight-delays/main.ts');
  await orExplain(serveWithExample(options));
} else {
  await orExplain(serve(options));
}
