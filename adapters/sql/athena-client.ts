import { AthenaClient, type AthenaClientConfig } from '@aws-sdk/client-athena';

/** One client a region, which retries throttling and faults with exponential backoff and jitter. */
export function athenaClients(config: AthenaClientConfig = {}): (region?: string) => AthenaClient {
  const clients = new Map<string | undefined, AthenaClient>();
  return (region) => {
    let client = clients.get(region);
    if (client === undefined) {
      client = new AthenaClient({ maxAttempts: 5, ...config, ...(region === undefined ? {} : { region }) });
      clients.set(region, client);
    }
    return client;
  };
}
