/**
 * How the functions are bundled, for the stack and the benchmark.
 *
 * The AWS SDK is bundled: its version is the tested one, and a bundle holds only what is used, so
 * it loads in about half the time (npm run bench has each function). No source maps: they are
 * larger than the code. The banner defines `require`, which CommonJS packages in an ES module need
 * for Node's built-in modules.
 */
export const bundling = {
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  banner: "import{createRequire as tocsinRequire}from'node:module';const require=tocsinRequire(import.meta.url);",
};

/**
 * Credential providers that no function needs: Lambda puts credentials into the environment, where
 * the SDK looks first. Without them a bundle is 100 kB smaller.
 */
export const leftOut = [
  ...['sso', 'ini', 'process', 'web-identity'].map((name) => `@aws-sdk/credential-provider-${name}`),
  // Of machines and containers that are no functions.
  '@smithy/credential-provider-imds',
];
