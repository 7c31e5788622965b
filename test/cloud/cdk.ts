import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { account, type Emulator, region } from './emulator.ts';
import { succeed } from './run.ts';

const root = join(import.meta.dirname, '../..');
/** What the stack of bin/ prints after deploying. */
export type Outputs = Record<
  'IngestUrl' | 'SlackUrl' | 'WebUrl' | 'PagesTopic' | 'FaultsTopic' | 'TableName' | 'Secrets',
  string
>;

export type Cdk = {
  bootstrap(): Promise<void>;
  /** Deploys bin/tocsin.ts. `out` is the folder that the assembly is written to. */
  deploy(options: { stage: string; config: string; slackApiUrl: string; out: string }): Promise<Outputs>;
  deployApp(app: string, out: string): Promise<void>;
  destroy(options: { stage: string; config: string }): Promise<void>;
};

/** The CDK's real command line, on the emulator. */
export function cdkOn({ env }: Emulator, scratch: string): Cdk {
  const cdk = (...args: string[]): Promise<string> =>
    succeed('cdk', [...args, '--no-notices', '--no-version-reporting'], { cwd: root, env });
  const always = ['--require-approval', 'never', '--progress', 'events'];
  return {
    async bootstrap() {
      await cdk('bootstrap', `aws://${account}/${region}`, '--app', '');
    },
    async deploy({ stage, config, slackApiUrl, out }) {
      const outputs = join(scratch, `outputs-${stage}.json`);
      const context = ['-c', `stage=${stage}`, '-c', `config=${config}`, '-c', `slackApiUrl=${slackApiUrl}`];
      await cdk('deploy', ...context, '--output', out, '--outputs-file', outputs, ...always);
      const found = JSON.parse(readFileSync(outputs, 'utf8')) as Record<string, Outputs>;
      return found[`Tocsin-${stage}`] as Outputs;
    },
    async deployApp(app, out) {
      await cdk('deploy', '--app', app, '--output', out, ...always);
    },
    async destroy({ stage, config }) {
      await cdk(
        'destroy',
        '-c',
        `stage=${stage}`,
        '-c',
        `config=${config}`,
        '--output',
        join(scratch, `destroy-${stage}`),
        '--force',
      );
    },
  };
}
