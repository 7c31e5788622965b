/**
 * `arn:aws:sns:eu-central-1:123456789012:pages` is in eu-central-1. Empty if it names no region.
 */
export const regionOfArn = (arn: string): string => arn.split(':')[3] ?? '';
