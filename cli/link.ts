import { Command } from 'commander';
import { act } from './act.ts';
import { actorOf, type ClientOptions, me, withClientOptions } from './client/options.ts';

export const linkCommand = (): Command =>
  withClientOptions(new Command('link'))
    .argument('<id>', 'incident id')
    .description('make a link by which others look at one incident for a while, without signing in')
    .option('--for <duration>', 'how long, 30d at most', '24h')
    .option('--by <name>', 'who acts, for the audit log', actorOf, me())
    .action((id: string, { for: lasts, by, ...options }: ClientOptions & { for: string; by: string }) =>
      act(options, async (client) => {
        const made = await client.link(id, lasts, by);
        return made.url === undefined ? made : { ...made, message: `${made.url}\n${made.message}` };
      }),
    );
