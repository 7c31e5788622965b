import { Command } from 'commander';
import { orExplain, type ServeOptions, serve, serviceOptions } from '../local/main.ts';

/** Named so that it is not taken for the `startCommand` of `npm start`, which knows the example as well. */
export function startServiceCommand(): Command {
  return serviceOptions(new Command('start'))
    .description('start the service on this machine, until it is stopped')
    .action((options: ServeOptions) => orExplain(serve(options)));
}
