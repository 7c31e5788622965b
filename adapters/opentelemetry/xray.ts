import { region, signedBy } from '../signed-request.ts';

const need = 'settings.traces.endpoint is xray';

/** X-Ray's OTLP URL. `AWS_ENDPOINT_URL_XRAY` overrides it, as for AWS clients. */
export const xrayUrl = (): string =>
  `${(process.env['AWS_ENDPOINT_URL_XRAY'] ?? `https://xray.${region(need)}.amazonaws.com`).replace(/\/$/, '')}/v1/traces`;

/** Headers with a signature from the process's credentials. */
export const signedForXray = signedBy('xray', need);
