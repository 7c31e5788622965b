import type { Secrets } from '../../app/ports/secrets.ts';
import type { PrometheusSourceConfig } from '../../core/telemetry/sources/kinds/prometheus.ts';
import { regionOfArn } from '../arn-region.ts';
import { authorizationOf } from '../authorization.ts';
import type { Connection } from '../exchange.ts';
import { neededPem } from '../secret-values.ts';
import { signedBy } from '../signed-request.ts';
import { connect, type Tls } from './connection.ts';

/** How one source is reached. `headers`: those of a request with this body. */
export type Access = {
  connection: Connection;
  headers(url: URL, body: string): Promise<Record<string, string>>;
};

type Kept = { made: string; connection: Connection };

/**
 * Reads the secrets of a source for each call, so that a rotated one is in use with the next.
 * Throws an Error that names a secret and never its value.
 */
export function accesses(secrets: Secrets): (name: string, source: PrometheusSourceConfig) => Promise<Access> {
  const connections = new Map<string, Kept>();
  const signers = new Map<string, ReturnType<typeof signedBy>>();
  const connectionOf = (name: string, url: string, tls: Tls): Connection => {
    const made = JSON.stringify([url, tls]);
    const kept = connections.get(name);
    if (kept?.made === made) return kept.connection;
    kept?.connection.destroy();
    let connection: Connection;
    try {
      connection = connect(url, tls);
    } catch {
      // The error of a bad certificate may quote it.
      throw new Error('the certificates of `tls` cannot be used; check that their secrets hold PEM');
    }
    connections.set(name, { made, connection });
    return connection;
  };

  return async (name, { url, basic, bearer, sigv4, tls = {}, headers }) => {
    const { ca, cert, key, serverName } = tls;
    const material: Tls = {
      ...(ca === undefined ? {} : { ca: await neededPem(secrets, ca) }),
      ...(cert === undefined ? {} : { cert: await neededPem(secrets, cert) }),
      ...(key === undefined ? {} : { key: await neededPem(secrets, key) }),
      ...(serverName === undefined ? {} : { servername: serverName }),
    };
    const own: Record<string, string> = {
      ...headers,
      'Content-Type': 'application/x-www-form-urlencoded',
      Accept: 'application/json',
      'User-Agent': 'tocsin',
      ...(await authorizationOf({ basic, bearer }, secrets)),
    };
    const connection = connectionOf(name, url, material);
    if (sigv4 === undefined) return { connection, headers: async () => own };
    const region = regionOfArn(sigv4.workspace);
    const sign = signers.get(region) ?? signedBy('aps', 'queries of Amazon Managed Prometheus are signed', region);
    signers.set(region, sign);
    return { connection, headers: (to, body) => sign(to.href, own, Buffer.from(body)) };
  };
}
