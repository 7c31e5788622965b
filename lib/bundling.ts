/**
 * How the functions are bundled, for the stack and for the benchmark alike.
 *
 * The AWS SDK is bundled too: the version is the one that was tested, and since a bundle holds only what is used, it is
 * imported in about half the time that the installed packages take (npm run bench has each function). Source maps are
 * left out, for they are larger than the code. CommonJS packages inside an ES module need `require` for the built-in
 * modules of Node, which the banner gives them.
 */
export const bundling = {
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  banner: "import{createRequire as tocsinRequire}from'node:module';const require=tocsinRequire(import.meta.url);",
};

/**
 * Ways of getting credentials that a function has no use for, since Lambda puts its own into the environment, where the SDK looks first.
 * The SDK loads them when it needs them; left out, a bundle is smaller by 100 kB.
 */
export const leftOut = ['sso', 'ini', 'process', 'web-identity'].map((name) => `@aws-sdk/credential-provider-${name}`);
