/** Who may import whom; the table is in docs/architecture.md. */
const onlyFrom = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: '[.]test[.]ts$' },
  to: { pathNot: allowed },
});
const packages = (...names) => names.map((name) => `(^|/)node_modules/${name}(/|$)`);

/** Areas of core/: each may import those before it, and no later one, so that there is no cycle between them. */
const areas = [
  'vocabulary',
  'charts',
  'statistics',
  'access',
  'telemetry',
  'detection',
  'alerting',
  'remediation',
  'response',
  'config',
  'dry-run',
  'selfcheck',
];
const areaRules = areas.map((area, index) => ({
  name: `core-${area}-knows-no-later-area`,
  severity: 'error',
  from: { path: `^core/${area}/` },
  to: {
    path: '^core/',
    // An area that this list does not know may be imported by none.
    pathNot: [`^core/(${areas.slice(0, index + 1).join('|')})/`],
  },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    // aws-lambda is types only: @types/aws-lambda, without a package of that name.
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^aws-lambda$' } },
    ...areaRules,
    {
      name: 'core-has-these-areas-only',
      comment: 'a new area takes its place in `areas`',
      severity: 'error',
      from: { path: '^core/', pathNot: `^core/(${areas.join('|')})/` },
      to: {},
    },
    onlyFrom(
      'core-is-pure',
      '^core/',
      [
        '^core/',
        ...packages(
          'zod',
          'yaml',
          '@aws-lambda-powertools/jmespath',
          '@bufbuild/protobuf',
          'hysnappy',
          '@noble/hashes',
          'temporal-polyfill',
          'temporal-spec',
          'fastest-levenshtein',
          're2js',
          'croner',
        ),
      ],
      'core: zod and small pure libraries; never node:*, never another folder',
    ),
    onlyFrom('app-imports-core', '^app/', ['^(app|core)/'], 'app reaches the outside only through app/ports/'),
    {
      name: 'adapters-know-ports-only',
      severity: 'error',
      from: { path: '^(adapters|stores)/', pathNot: '[.]test[.]ts$' },
      to: { path: '^(app/(?!ports/)|http/|local/|cli/|lambdas/|lib/|bin/|examples/)' },
    },
    {
      name: 'adapters-stand-alone',
      severity: 'error',
      from: { path: '^(adapters|stores)/([^/]+)/', pathNot: '[.]test[.]ts$' },
      // What several vendors need is written once, and lies beside their folders.
      to: {
        path: '^(adapters|stores)/',
        pathNot:
          '^$1/$2/|^adapters/(arn-region|asked-in-time|authorization|aws-failure|counted-points|distinct-contacts|exchange|parsed-json|plain-markdown|registry-answer|secret-address-channel|secret-values|signed-request|vendor-post)[.]ts$',
      },
    },
    onlyFrom(
      'http-imports-app',
      '^http/',
      ['^(http|app|core)/', ...packages('hono', 'marked', 'zod', 'zod-openapi')],
      'http: routes shared by local and lambdas',
    ),
    onlyFrom(
      'console-stands-alone',
      '^web/',
      [
        '^web/',
        '^core/(charts|vocabulary)/',
        '^http/(console/(paths|asked-first)[.]ts$|api/dto/)',
        ...packages('preact', '@preact/signals', '@preact/signals-core', 'preact-iso', 'marked'),
      ],
      // That it takes types only of http/api is a test of what is bundled (test/web/bundle.test.ts).
      'web: pure functions of core/charts and core/vocabulary, and types of the API',
    ),
    {
      name: 'the-server-runs-without-the-console',
      severity: 'error',
      from: { path: '^(core|app|adapters|stores|http|lambdas|local|cli|lib|bin)/' },
      to: { path: '^web/' },
    },
    {
      name: 'functions-bundle-their-part',
      comment: 'what senders and Slack call is bundled without the API and the pages',
      severity: 'error',
      from: { path: '^lambdas/(ingest|slack)[.]ts$' },
      to: { path: '^http/(api|pages|openapi)/', reachable: true },
    },
    {
      name: 'the-document-is-built-ahead',
      comment: 'npm run generate writes http/openapi/openapi.json; nothing that runs makes it',
      severity: 'error',
      from: { path: '^(lambdas|local|cli)/' },
      to: { path: '^http/openapi/document[.]ts$|node_modules/zod-openapi', reachable: true },
    },
    {
      name: 'lambdas-import-no-rooms-but-theirs',
      severity: 'error',
      from: { path: '^lambdas/' },
      to: { path: '^(local|cli|lib|bin|examples)/' },
    },
    {
      name: 'clients-of-the-doctor',
      comment: 'only the command line looks at a deployment from outside; no function bundles these clients',
      severity: 'error',
      from: { path: '^(core|app|adapters|stores|http|lambdas|lib|bin)/' },
      to: { path: 'node_modules/@aws-sdk/client-(iam|cloudformation|service-quotas)(/|$)' },
    },
    { name: 'local-and-cli', severity: 'error', from: { path: '^(local|cli)/' }, to: { path: '^(lambdas|lib|bin|examples)/' } },
    onlyFrom(
      'cdk-knows-config-only',
      '^(lib|bin)/',
      [
        '^(lib|bin)/',
        '^core/(config|vocabulary|telemetry/sources|remediation/(deployments|hooks)|response/(contacts|runbooks))/',
        ...packages('aws-cdk-lib', 'constructs', 'cdk-nag', 'zod'),
        '^(node:|fs|path|url|os|crypto)',
      ],
      'lib, bin: core/config with the runbooks, deployments and contacts that it names, core/vocabulary, and the CDK; a lambda is named by its entry path',
    ),
    {
      name: 'not-in-production',
      severity: 'error',
      from: { path: '^(core|app|adapters|stores|http|lambdas|local|cli|lib|bin)/', pathNot: '[.]test[.]ts$' },
      to: { path: '^(test|bench)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
