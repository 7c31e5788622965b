import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why Prometheus cannot run here, in words; undefined when it can. */
export function whyNoPrometheus(): string | undefined {
  const { status } = spawnSync('prometheus', ['--version']);
  return status === 0 ? undefined : 'Prometheus is not on this machine; on Debian: apt-get install prometheus';
}

export type Prometheus = {
  /** Gives it other rules; it reads them at once. */
  rules(yaml: string): void;
  /** What it wrote, for a test that fails. */
  output(): string;
  /** As when its machine goes down: nothing more is sent. */
  kill(): Promise<void>;
};

/**
 * A real Prometheus that evaluates every second, sends what fires every second, and to whom the
 * alertmanager is ours.
 */
export function startPrometheus(options: { target: string; pathPrefix: string; key: string; rules: string }): Prometheus {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-prometheus-'));
  const rulesFile = join(folder, 'rules.yml');
  writeFileSync(rulesFile, options.rules);
  writeFileSync(
    join(folder, 'prometheus.yml'),
    `global: { evaluation_interval: 1s, external_labels: { cluster: test } }
rule_files: [${rulesFile}]
alerting:
  alertmanagers:
    - static_configs: [{ targets: ['${options.target}'] }]
      path_prefix: ${options.pathPrefix}
      authorization: { credentials: ${options.key} }
`,
  );
  const args = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    '--web.listen-address=127.0.0.1:0',
    '--rules.alert.resend-delay=1s',
    '--log.level=warn',
  ];
  const child: ChildProcess = spawn('prometheus', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return {
    rules(yaml) {
      writeFileSync(rulesFile, yaml);
      child.kill('SIGHUP');
    },
    output: () => output,
    async kill() {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
