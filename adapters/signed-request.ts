import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';

/** The process's region: set by Lambda, or AWS_REGION on one machine. `need`: what needs it. */
export function region(need: string): string {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const found = AWS_REGION ?? AWS_DEFAULT_REGION;
  if (found === undefined || found === '') throw new Error(`${need}, and no AWS_REGION says in which region`);
  return found;
}

/**
 * Headers of a POST with a Signature Version 4 from the process's credentials, for a call that is
 * too small to bundle a client for. `of`: the region, if not the process's.
 */
export function signedBy(service: string, need: string, of?: string) {
  let signer: SignatureV4 | undefined;
  return async (url: string, headers: Record<string, string>, body: Uint8Array): Promise<Record<string, string>> => {
    signer ??= new SignatureV4({ service, region: of ?? region(need), credentials: defaultProvider(), sha256: Sha256 });
    const { protocol, hostname, port, host, pathname } = new URL(url);
    const signed = await signer.sign({
      method: 'POST',
      protocol,
      hostname,
      ...(port === '' ? {} : { port: Number(port) }),
      path: pathname,
      query: {},
      headers: { ...headers, host },
      body,
    });
    // The host is signed, but fetch sets it itself.
    const { host: _, ...others } = signed.headers;
    return others;
  };
}
