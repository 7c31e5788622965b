import { alertmanagerConfig } from '../../../core/dry-run/alertmanager/config-text.ts';
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

/** In the text format of Prometheus, by which clients find out the version. */
export const buildInfo = (options: HttpOptions): string =>
  [
    '# HELP alertmanager_build_info The Alertmanager whose API Tocsin answers, and the version of Tocsin.',
    '# TYPE alertmanager_build_info gauge',
    `alertmanager_build_info{version="${versionOf(options)}",revision="",branch="",goversion=""} 1`,
    '',
  ].join('\n');
