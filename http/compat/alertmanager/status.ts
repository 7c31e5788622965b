import { alertmanagerConfig } from '../../../core/dry-run/alertmanager/config-text.ts';
import type { MetricFamily } from '../../../core/selfcheck/metrics/family.ts';
import type { HttpOptions } from '../../options.ts';

/** The Alertmanager whose API this is. Clients, such as Karma, choose by it how they ask. */
const apiVersion = '0.25.0';

const versionOf = ({ version = '0.0.0' }: HttpOptions): string => `${apiVersion}+tocsin.${version}`;

/** `alertmanagerStatus`. There is no cluster. */
export function status(options: HttpOptions, startedAt: number) {
  const version = versionOf(options);
  return {
    cluster: { status: 'disabled', peers: [] },
    versionInfo: { version, revision: '', branch: '', buildUser: '', buildDate: '', goVersion: '' },
    config: { original: alertmanagerConfig(options.ports.config) },
    uptime: new Date(startedAt).toISOString(),
  };
}

/** By which clients find out the version. */
export const alertmanagerBuildInfo = (options: HttpOptions): MetricFamily => ({
  name: 'alertmanager_build_info',
  kind: 'gauge',
  help: 'The Alertmanager whose API Tocsin answers, and the version of Tocsin.',
  points: [{ labels: { version: versionOf(options), revision: '', branch: '', goversion: '' }, value: 1 }],
});
