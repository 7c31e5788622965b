/**
 * How the functions are bundled, for the stack and for the benchmark alike.
 *
 * The AWS SDK is bundled too: the version is the one that was tested, and of a bundle only what is used has to be read and
 * compiled, which loads in about half the time of the whole packages (docs/benchmarks.md has each function). Source maps
 * are left out: reading one takes longer than the rest of a cold start. CommonJS packages inside an ES module need
 * `require` for the built-in modules of Node, which the banner gives them.
 */
export const bundling = {
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  banner: "import{createRequire as tocsinRequire}from'node:module';const require=tocsinRequire(import.meta.url);",
};
