import { Command, Option } from 'commander';
import { orExplain, type ServeOptions, serve, serviceOptions } from '../local/main.ts';

/**
 * Named so that it is not taken for the `startCommand` of `npm start`, which knows the example as
 * well.
 */
export function startServiceCommand(): Command {
  return serviceOptions(new Command('start'))
    .addOption(
      new Option(
        '--host <address>',
        'address to listen on; any but this machine is closed without ingest keys and a web password',
      )
        .default('127.0.0.1')
        .env('TOCSIN_HOST'),
    )
    .description('start the service on this machine, until it is stopped')
    .action((options: ServeOptions) => orExplain(serve(options)));
}
