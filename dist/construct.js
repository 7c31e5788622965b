// lib/tocsin.ts
import { Annotations, Token } from "aws-cdk-lib";
import { Construct as Construct10 } from "constructs";

// lib/chatops.ts
import { Duration } from "aws-cdk-lib";

// lib/front-door.ts
import { FunctionUrlAuthType } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";

// lib/tocsin-function.ts
import { resolve } from "node:path";
import { ArnFormat, RemovalPolicy, Stack } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { ApplicationLogLevel, Architecture, LoggingFormat, Runtime, SystemLogLevel } from "aws-cdk-lib/aws-lambda";
import { NodejsFunction, OutputFormat } from "aws-cdk-lib/aws-lambda-nodejs";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";

// lib/bundling.ts
var bundling = {
  target: "node24",
  mainFields: ["module", "main"],
  minify: true,
  banner: "import{createRequire as tocsinRequire}from'node:module';const require=tocsinRequire(import.meta.url);"
};

// lib/deployment.ts
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// core/ingest-keys/keys.ts
import { sha256 as sha2562 } from "@noble/hashes/sha2.js";
import { bytesToHex as bytesToHex2, utf8ToBytes as utf8ToBytes2 } from "@noble/hashes/utils.js";

// core/signing/hmac.ts
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

// core/ingest-keys/keys.ts
var everything = ["predictions", "labels", "samples", "alerts"];
function ingestKeysOf({ ingestKey, ingestKeys }) {
  return ingestKey === void 0 ? ingestKeys : [{ name: "ingestKey", secret: ingestKey, scope: everything }, ...ingestKeys];
}

// lib/needs.ts
function needsOf({ settings, sources, responders, channels, deployments }) {
  const contacts = [
    ...Object.values(responders).flatMap((responder) => responder.contacts),
    ...Object.values(channels)
  ];
  const hooks = Object.values(deployments).map(({ hook }) => hook);
  return {
    secrets: {
      deliver: names(settings.slack?.token, ...contacts.map(({ webhook: webhook2 }) => webhook2?.secret)),
      rollback: names(...hooks.map(({ webhook: webhook2 }) => webhook2?.secret)),
      ingest: names(...ingestKeysOf(settings).map(({ secret }) => secret)),
      slack: names(settings.slack?.signingSecret),
      web: names(settings.webPassword)
    },
    topics: names(...contacts.map(({ sns }) => sns === "default" ? void 0 : sns)),
    aliasFunctions: hooks.flatMap(
      ({ lambdaAlias }) => lambdaAlias === void 0 ? [] : [{ functionName: lambdaAlias.functionName, region: lambdaAlias.region }]
    ),
    cloudwatch: Object.values(sources).some(({ kind }) => kind === "cloudwatch")
  };
}
var names = (...given) => [...new Set(given.filter((name2) => name2 !== void 0))].toSorted();
var secretNames = ({ secrets }) => names(...Object.values(secrets).flat());
function awsWarnings({ responders, channels, deployments, settings }) {
  const people = Object.entries(responders).map(([name2, { contacts }]) => ({ name: name2, contacts }));
  const places = Object.entries(channels).map(([name2, contact]) => ({ name: name2, contacts: [contact] }));
  const reached = [...people, ...places];
  const mute = reached.filter(({ contacts }) => contacts.every(({ terminal }) => terminal)).map(({ name: name2 }) => name2);
  const local = [
    ...reached.filter(({ contacts }) => contacts.some(({ webhook: webhook2 }) => webhook2 !== void 0 && isLoopback(webhook2.url))),
    ...Object.entries(deployments).flatMap(
      ([name2, { hook }]) => hook.webhook !== void 0 && isLoopback(hook.webhook.url) ? [{ name: name2 }] : []
    )
  ].map(({ name: name2 }) => name2);
  return [
    {
      id: "terminalOnly",
      names: mute,
      text: `${mute.join(", ")}: reached by terminal only, which on AWS is a line in the log of deliver`
    },
    {
      id: "loopback",
      names: local,
      text: `${local.join(", ")}: a webhook on this machine, which a Lambda function cannot reach`
    },
    {
      id: "noIngestKey",
      names: ingestKeysOf(settings).length === 0 ? ["settings"] : [],
      text: "settings.ingestKeys names no key, so records and alerts sent over HTTP are refused"
    }
  ].flatMap(({ id, names: found, text: text2 }) => found.length === 0 ? [] : [{ id: `tocsin:${id}`, text: text2 }]);
}
function isLoopback(url2) {
  const { hostname } = new URL(url2);
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || hostname.startsWith("127.");
}

// lib/deployment.ts
function deploying({ config, runbooks, stage }, make) {
  const folder = mkdtempSync(join(tmpdir(), "tocsin-deploy-"));
  const file = join(folder, "tocsin.json");
  try {
    writeFileSync(file, JSON.stringify({ config, runbooks }));
    return make({ config, needs: needsOf(config), stage, secretsPrefix: `tocsin/${stage}/`, keep: stage === "prod", file });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
function placing(file) {
  const copy = process.platform === "win32" ? "copy" : "cp";
  return {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (_input, output) => [`${copy} "${file}" "${join(output, "tocsin.json")}"`]
  };
}

// lib/tocsin-function.ts
var root = resolve(import.meta.dirname, "..");
var TocsinFunction = class extends NodejsFunction {
  rights;
  constructor(scope, id, props) {
    const {
      deployment,
      entry,
      description,
      timeout,
      memorySize,
      environment = {},
      secrets,
      readsConfig = true,
      concurrency
    } = props;
    const logGroup = new LogGroup(scope, `${id}Log`, {
      retention: deployment.keep ? RetentionDays.THREE_MONTHS : RetentionDays.TWO_WEEKS,
      removalPolicy: RemovalPolicy.DESTROY
    });
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    role.addToPolicy(
      new PolicyStatement({ actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [logGroup.logGroupArn] })
    );
    const commandHooks = readsConfig ? placing(deployment.file) : void 0;
    super(scope, id, {
      entry: resolve(root, "lambdas", `${entry}.ts`),
      handler: "handler",
      description: `Tocsin ${deployment.stage}: ${description}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      projectRoot: root,
      depsLockFilePath: resolve(root, "package.json"),
      bundling: { ...bundling, format: OutputFormat.ESM, sourceMap: false, bundleAwsSDK: true, commandHooks },
      awsSdkConnectionReuse: false,
      timeout,
      memorySize,
      reservedConcurrentExecutions: concurrency,
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      environment: {
        TOCSIN_STAGE: deployment.stage,
        ...secrets === void 0 ? {} : { TOCSIN_SECRETS: deployment.secretsPrefix },
        ...environment
      }
    });
    this.rights = role;
    if (secrets !== void 0 && secrets.length > 0) {
      const resources = secrets.map((name2) => secretArn(this, deployment, name2));
      this.allow(["secretsmanager:GetSecretValue"], resources);
    }
  }
  /** Adds to its role. Both are named in full: no wildcards. */
  allow(actions, resources) {
    this.addToRolePolicy(new PolicyStatement({ actions, resources }));
  }
};
var secretArn = (scope, { secretsPrefix }, name2) => Stack.of(scope).formatArn({
  service: "secretsmanager",
  resource: "secret",
  resourceName: `${secretsPrefix}${name2}-??????`,
  arnFormat: ArnFormat.COLON_RESOURCE_NAME
});

// lib/front-door.ts
var FrontDoor = class extends Construct {
  function;
  url;
  constructor(scope, id, { store, ...props }) {
    super(scope, id);
    this.function = new TocsinFunction(this, "Function", { ...props, secrets: props.deployment.needs.secrets[props.entry] });
    store.open(this.function);
    this.url = this.function.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  }
};

// lib/chatops.ts
var Chatops = class extends FrontDoor {
  constructor(scope, id, props) {
    super(scope, id, { ...props, entry: "slack", description: "answers Slack", timeout: Duration.seconds(10), memorySize: 1024 });
  }
};

// lib/config.ts
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join as join2, relative, resolve as resolve2 } from "node:path";

// core/config/shown.ts
var credentials = [
  { what: "a Slack token", pattern: /\bxox[a-z]-[\w-]{4,}|\bxapp-[\w-]{4,}/ },
  { what: "a Slack webhook address", pattern: /hooks\.slack\.com\/(services|workflows|triggers)\/\w/ },
  { what: "an AWS access key", pattern: /\b(AKIA|ASIA)[0-9A-Z]{12,}\b/ },
  { what: "a GitHub token", pattern: /\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}/ },
  { what: "a GitLab token", pattern: /\bglpat-[\w-]{16,}/ },
  { what: "a payment key", pattern: /\b[sr]k_(live|test)_\w{10,}/ },
  { what: "a Google API key", pattern: /\bAIza[\w-]{30,}/ },
  { what: "an API key", pattern: /\bsk-[\w-]{20,}/ },
  { what: "a JSON web token", pattern: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}/ },
  { what: "a private key", pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  { what: "a password in an address", pattern: /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i }
];
function credentialIn(text2) {
  return credentials.find(({ pattern }) => pattern.test(text2))?.what;
}
var maxShown = 60;
function shown(value) {
  if (value === void 0 || value === null) return "nothing";
  if (typeof value === "string") {
    const credential = credentialIn(value);
    if (credential !== void 0) return `what looks like ${credential}`;
    return JSON.stringify(value.length > maxShown ? `${value.slice(0, maxShown)}\u2026` : value);
  }
  if (typeof value === "number" && !Number.isFinite(value)) return `${value}`;
  if (typeof value === "number" || typeof value === "bigint") return `the number ${value}`;
  if (typeof value === "boolean") return `${value}`;
  const empty = Object.keys(value).length === 0;
  return `${empty ? "an empty" : "a"} ${Array.isArray(value) ? "list" : "mapping"}`;
}

// core/config/config-error.ts
function formatConfigError(error2) {
  const suggestion = error2.suggestion === void 0 ? "" : ` (did you mean "${error2.suggestion}"?)`;
  return `${error2.file}:${error2.line}:${error2.column}: ${error2.message}${suggestion}`;
}
function pathText(path) {
  let text2 = "";
  for (const step of path) {
    if (typeof step === "number") text2 += `[${step}]`;
    else text2 += `${text2 === "" ? "" : "."}${stepText(step)}`;
  }
  return text2;
}
function stepText(step) {
  if (credentialIn(step) !== void 0) return "(a key that is not shown here)";
  return /^[\w-]+$/.test(step) ? step : JSON.stringify(step);
}

// core/config/credentials.ts
function findCredentials(merged) {
  const errors = [];
  const report = (path, what, credential) => {
    const where = pathText(path);
    const message = `${where}: expected no secrets in the config; received what looks like ${credential}; revoke it, store it as a secret, and write the NAME of that secret here`;
    errors.push({ ...merged.placeOf(path, what), path: where, message });
  };
  const visit = (value, path) => {
    if (typeof value === "string") {
      const credential = credentialIn(value);
      if (credential !== void 0) report(path, "value", credential);
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) visit(item, [...path, index]);
    } else if (typeof value === "object" && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        const credential = credentialIn(key);
        if (credential === void 0) visit(item, [...path, key]);
        else report([...path, key], "key", credential);
      }
    }
  };
  visit(merged.value, []);
  return errors;
}

// core/config/document.ts
import { isAlias as isAlias2, isMap as isMap2, isScalar as isScalar2, isSeq as isSeq2, LineCounter, parseDocument } from "yaml";

// core/config/read-node.ts
import { isAlias, isMap, isScalar, isSeq } from "yaml";
var maxAliasedNodes = 1e5;
var maxDepth = 100;
var UnusableNode = class extends Error {
  name = "UnusableNode";
  offset;
  constructor(message, offset) {
    super(message);
    this.offset = offset;
  }
};
function readNode(doc) {
  const reading2 = { anchors: /* @__PURE__ */ new Map(), targets: /* @__PURE__ */ new Map(), aliased: 0, open: /* @__PURE__ */ new Set(), duplicates: [] };
  const value = doc.contents === null ? void 0 : read(reading2, doc.contents, false, 0);
  return { value: value ?? void 0, duplicates: reading2.duplicates };
}
function read(reading2, node, inAlias, depth2) {
  if (node === null || node === void 0) return null;
  const offset = node.range?.[0] ?? 0;
  if (depth2 > maxDepth)
    throw new UnusableNode(`expected at most ${maxDepth} levels; received a file that is nested deeper`, offset);
  if (inAlias) reading2.aliased += 1;
  if (reading2.aliased > maxAliasedNodes) {
    throw new UnusableNode(
      `expected at most ${maxAliasedNodes} values from aliases; received more; write them out instead`,
      offset
    );
  }
  if (!isAlias(node) && node.tag !== void 0) {
    throw new UnusableNode(
      `expected plain YAML; received the tag ${node.tag}; remove it, and quote a text that is not meant as a number`,
      offset
    );
  }
  if (!isAlias(node) && node.anchor !== void 0) reading2.anchors.set(node.anchor, node);
  if (isScalar(node)) return node.value;
  if (isAlias(node)) {
    if (!reading2.targets.has(node)) reading2.targets.set(node, reading2.anchors.get(node.source));
    const target = reading2.targets.get(node);
    if (target === void 0) throw new UnusableNode(`the alias *${node.source} has no anchor &${node.source} before it`, offset);
    if (reading2.open.has(target)) throw new UnusableNode(`the alias *${node.source} stands for something that holds it`, offset);
    return read(reading2, target, true, depth2 + 1);
  }
  reading2.open.add(node);
  let value;
  if (isSeq(node)) value = node.items.map((item) => read(reading2, item, inAlias, depth2 + 1));
  else if (isMap(node)) value = readMap(reading2, node, inAlias, depth2);
  reading2.open.delete(node);
  return value;
}
function readMap(reading2, map, inAlias, depth2) {
  const value = {};
  const seen = /* @__PURE__ */ new Map();
  for (const { key: node, value: item } of map.items) {
    const offset = node?.range?.[0] ?? map.range?.[0] ?? 0;
    if (!isScalar(node) || node.value === null) {
      throw new UnusableNode("expected a text as key; received a list, a mapping, an alias or nothing", offset);
    }
    const key = String(node.value);
    if (key === "__proto__") throw new UnusableNode("the key __proto__ is not allowed", offset);
    const first = seen.get(key);
    if (first !== void 0) {
      if (!inAlias) reading2.duplicates.push({ key, offset, first });
      continue;
    }
    seen.set(key, offset);
    value[key] = read(reading2, item, inAlias, depth2 + 1);
  }
  return value;
}

// core/config/document.ts
function readDocument(file) {
  const lines = new LineCounter();
  const text2 = file.text.replace(/^\uFEFF/, "");
  const at = (offset, message) => ({ ...placeAt(file.path, lines, offset), path: "", message });
  const odd = ["\0", "\uFFFD"].map((sign) => text2.indexOf(sign)).find((offset) => offset >= 0) ?? -1;
  if (odd >= 0) {
    const { line, column } = countPlace(text2, odd);
    const message = "expected UTF-8 text; received bytes that are none (UTF-16 or a binary file?); save the file as UTF-8";
    return { ok: false, errors: [{ file: file.path, line, column, path: "", message }] };
  }
  try {
    const doc = parseDocument(text2, {
      lineCounter: lines,
      prettyErrors: false,
      schema: "core",
      uniqueKeys: false
    });
    const first = doc.errors[0] ?? doc.warnings[0];
    if (first !== void 0) return { ok: false, errors: [at(first.pos[0], syntaxMessage(first))] };
    const read2 = readNode(doc);
    if (read2.duplicates.length > 0) {
      const line = (offset) => lines.linePos(offset).line;
      const message = (key, first2) => `the key ${shown(key)} is written twice; the first is on line ${line(first2)}; keep one of them`;
      return { ok: false, errors: read2.duplicates.map(({ key, first: first2, offset }) => at(offset, message(key, first2))) };
    }
    const placeOf = (path, what) => placeAt(file.path, lines, offsetOf(doc, path, what));
    return { ok: true, document: { file: file.path, value: read2.value, placeOf } };
  } catch (error2) {
    if (error2 instanceof UnusableNode) return { ok: false, errors: [at(error2.offset, error2.message)] };
    if (error2 instanceof RangeError) return { ok: false, errors: [at(0, tooDeep)] };
    throw error2;
  }
}
var tooDeep = "the file is nested too deeply to be read";
function syntaxMessage(error2) {
  switch (error2.code) {
    case "MULTIPLE_DOCS":
      return "expected one YAML document a file; received a second one after ---; put it into a file of its own";
    case "TAB_AS_INDENT":
      return "expected spaces for indentation; received a tab";
    case "TAG_RESOLVE_FAILED":
      return "expected plain YAML; received a tag (!name), which no key takes; remove it";
    case "RESOURCE_EXHAUSTION":
    case "IMPOSSIBLE":
      return /call stack/i.test(error2.message) ? tooDeep : `this is not YAML: ${error2.message}`;
    default:
      return `this is not YAML: ${error2.message.charAt(0).toLowerCase()}${error2.message.slice(1)}`;
  }
}
function placeAt(file, lines, offset) {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
}
function countPlace(text2, offset) {
  const before = text2.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}
function offsetOf(doc, path, what) {
  let node = doc.contents;
  let key = node?.range?.[0] ?? 0;
  for (const [index, step] of path.entries()) {
    const around2 = isAlias2(node) ? node.resolve(doc) : node;
    if (isMap2(around2)) {
      const pair = around2.items.find((one) => isScalar2(one.key) && keyText(one.key.value) === String(step));
      if (pair === void 0) return key;
      key = pair.key.range?.[0] ?? key;
      node = pair.value;
    } else if (isSeq2(around2)) {
      const item = around2.items[Number(step)];
      if (item === void 0) return key;
      key = item.range?.[0] ?? key;
      node = item;
    } else {
      return key;
    }
    if (index === path.length - 1 && what === "value") return node?.range?.[0] ?? key;
  }
  return key;
}
var keyText = (value) => value === null ? "" : String(value);

// core/config/json-schema.ts
import * as z11 from "zod";

// core/config/schema.ts
import * as z10 from "zod";

// core/config/ingest-key-schema.ts
import * as z2 from "zod";

// core/config/schema-parts.ts
import * as z from "zod";
var name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, {
  error: 'expected a name of letters, digits, ".", "_" and "-", up to 63 characters'
}).meta({ title: "name" });
var secretName = z.string().regex(/^[A-Z][A-Z0-9_]{1,63}$/, { error: "expected the NAME of a secret such as SLACK_BOT_TOKEN, never its value" }).meta({ title: "name of a secret" });
var labels = z.record(z.string().min(1), z.string()).meta({ title: "label to its value" });
var matchers = z.record(z.string().min(1), z.union([z.string(), z.array(z.string()).min(1)], { error: "expected a text or a list of texts" })).meta({ title: "label to its value, or to a list of values" });
var severities = ["warn", "critical"];
var severitySchema = z.enum(severities);
var categories = ["data-quality", "drift", "performance", "latency", "availability", "resource", "pipeline"];
var categorySchema = z.enum(categories);
var exactlyOne = (keys) => (value, ctx) => {
  const given = keys.filter((key) => value[key] !== void 0);
  if (given.length !== 1) {
    ctx.addIssue({
      code: "custom",
      message: `expected exactly one of ${keys.join(", ")}; received ${given.length === 0 ? "none" : given.join(" and ")}`
    });
  }
};
var timeZone = z.string().refine(
  (zone) => {
    try {
      return new Intl.DateTimeFormat("en", { timeZone: zone }) !== void 0;
    } catch {
      return false;
    }
  },
  { error: "expected an IANA time zone such as Europe/Berlin" }
).meta({ title: "IANA time zone" });

// core/config/ingest-key-schema.ts
var ingestScopes = ["predictions", "labels", "samples", "alerts"];
var ingestKeySchema = z2.strictObject({
  name: name.describe("Who sends with it; shown in answers and logs."),
  secret: secretName.describe(
    "Name of the secret. It holds the key, or `sha256:HEX` of it; two of these, with a comma or a line end between them, while one replaces the other."
  ),
  scope: z2.array(z2.enum(ingestScopes)).min(1).describe("What it may send."),
  sources: z2.array(name).min(1).optional().describe("The only sources it may send to; all of them when left out."),
  ratePerMinute: z2.int().min(1).max(1e6).optional().describe("At most this many requests a minute, counted by each process for itself; no limit when left out.")
});

// core/config/rule-schema.ts
import * as z7 from "zod";

// core/config/baseline-schema.ts
import * as z4 from "zod";

// core/config/units.ts
import * as z3 from "zod";
var unitMs = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 };
var durationPattern = /^(\d+(?:ms|s|m|h|d|w))+$/;
function parseDuration(text2) {
  if (!durationPattern.test(text2)) return void 0;
  let total = 0;
  for (const [, amount, unit] of text2.matchAll(/(\d+)(ms|s|m|h|d|w)/g)) {
    total += Number(amount) * unitMs[unit];
  }
  return total;
}
function formatDuration(ms2) {
  let rest = Math.max(0, Math.round(ms2));
  if (rest === 0) return "0s";
  if (rest >= 1e3) rest -= rest % 1e3;
  let text2 = "";
  for (const unit of ["d", "h", "m", "s", "ms"]) {
    const amount = Math.floor(rest / unitMs[unit]);
    if (amount > 0) text2 += `${amount}${unit}`;
    rest -= amount * unitMs[unit];
  }
  return text2;
}
var duration = z3.string().regex(durationPattern, { error: "expected a duration such as 30s, 5m, 1h30m or 7d" }).transform((text2) => parseDuration(text2)).meta({ title: "duration" });
var positiveDuration = z3.string().regex(durationPattern, { error: "expected a duration such as 30s, 5m, 1h30m or 7d" }).refine((text2) => (parseDuration(text2) ?? 1) > 0, { error: "expected a duration longer than 0" }).transform((text2) => parseDuration(text2)).meta({ title: "duration" });
var percentPattern = /^\d+(\.\d+)?\s*%$/;
var percent = z3.union([z3.number().nonnegative(), z3.string().regex(percentPattern)], {
  error: "expected a percentage such as 5% or a fraction such as 0.05"
}).transform((value) => typeof value === "number" ? value : Number.parseFloat(value) / 100).meta({ title: "percentage" });

// core/config/baseline-schema.ts
var statistic = z4.enum(["median", "mean"]).prefault("median").describe("The median is not moved by single odd points.");
var maxAge = positiveDuration.optional().describe("The newest point that it rests on may be this old; where it is older, the baseline is refused as stale.");
var rolling = z4.strictObject({
  window: positiveDuration.describe("How far back the baseline looks, from just before the judged points."),
  statistic,
  minPoints: z4.int().min(1).prefault(10).describe("Fewer points than this, and the baseline is refused."),
  maxAge
});
var seasonal = z4.strictObject({
  season: z4.enum(["day", "week"]).describe("`day`: the same time of day on earlier days; `week`: the same time of earlier weeks."),
  periods: z4.int().min(2).max(60).prefault(4).describe("How many earlier days or weeks it looks back."),
  minPeriods: z4.int().min(2).prefault(3).describe("With points of fewer days or weeks than this at that time, the baseline is refused."),
  slot: positiveDuration.prefault("1h").describe("Points that lie in the same slot of the day or week, counted from midnight, are of the same time."),
  timezone: timeZone.prefault("UTC").describe("Whose day it is; the hours of people move with daylight-saving time."),
  deviations: z4.number().min(0).max(20).prefault(3).describe(
    "A point breaches only where it is also this many spreads from the median; a spread is the median absolute deviation of that time, scaled to a standard deviation. 0 leaves only the bands."
  ),
  maxAge
}).refine(({ periods, minPeriods }) => minPeriods <= periods, {
  error: "expected minPeriods to be at most periods",
  path: ["minPeriods"]
});
var version = z4.strictObject({
  window: positiveDuration.prefault("14d").describe("How long before the version was first seen its predecessor is looked at."),
  statistic,
  minPoints: z4.int().min(1).prefault(10).describe("With fewer points of the predecessor that rest on at least `samples.minCount`, the baseline is refused."),
  maxAge
});
var baselineSchema = z4.strictObject({
  fixed: z4.number().refine((value) => value !== 0, {
    error: "expected a baseline other than 0: a degradation is relative to it; use `threshold` for absolute bounds"
  }).optional().describe("A value that is known; may be negative, for a degradation is relative to its size."),
  rolling: rolling.optional().describe("What the series itself was like until now."),
  seasonal: seasonal.optional().describe("What the series itself was like at this time of earlier days or weeks."),
  version: version.optional().describe("What the version of the model before this one was like; for a predictions query `by: [version]`.")
}).superRefine(exactlyOne(["fixed", "rolling", "seasonal", "version"]));
var degradationSchema = z4.strictObject({
  direction: z4.enum(["drop", "rise"]).describe("`drop`: lower is worse (accuracy); `rise`: higher is worse (latency, errors)."),
  baseline: baselineSchema.describe("What normal is: exactly one of `fixed`, `rolling`, `seasonal` and `version`."),
  warn: percent.prefault("5%").describe("Warn from this much worse than the baseline."),
  critical: percent.prefault("10%").describe("Critical from this much worse than the baseline.")
}).refine((bands) => bands.warn < bands.critical, { error: "expected warn to be smaller than critical", path: ["critical"] });

// core/config/query-schema.ts
import * as z5 from "zod";
var featureMetrics = ["null_rate", "out_of_range_rate", "unseen_rate", "type_error_rate"];
var predictionMetrics = [
  "accuracy",
  "count",
  "labelled",
  "positive_rate",
  "score_mean",
  "precision",
  "recall",
  "f1",
  "auc",
  "log_loss",
  "brier",
  "mae",
  "rmse",
  "bias",
  "estimated_accuracy",
  "estimated_precision",
  "estimated_recall",
  "estimated_f1",
  "duplicate_rate",
  "freshness",
  ...featureMetrics
];
var predictionsQuery = z5.strictObject({
  metric: z5.enum(predictionMetrics).describe(
    "What is computed from the records; docs/judging.md tells of each. `labelled` counts those whose label has come; freshness is the age of the newest record in seconds."
  ),
  over: positiveDuration.describe("The span of time that one point summarises, such as 24h."),
  by: z5.array(z5.enum(["version", "feature"])).prefault([]).describe("One series for each value of these; the metrics of features always have one for each feature."),
  features: z5.array(z5.string()).optional().describe("For the metrics of features: only these."),
  version: z5.string().optional().describe("Only this model version.")
});
var statistic2 = z5.enum(["mean", "sum", "min", "max", "count", "last", "age"]);
var samplesQuery = z5.strictObject({
  metric: z5.string().min(1).describe("Name of the metric, as it was sent."),
  match: matchers.prefault({}).describe("Only series with these labels."),
  statistic: statistic2.prefault("mean").describe("How the samples of a point become its value; `age` is how long ago the last one came, in seconds."),
  over: positiveDuration.optional().describe("The span of time that one point summarises; the rule's step when left out.")
});
var cloudwatchMetric = z5.strictObject({
  namespace: z5.string().describe("Such as `AWS/SageMaker`."),
  metric: z5.string().describe("Name of the metric, such as `ModelLatency`."),
  dimensions: z5.record(z5.string(), z5.string()).prefault({}).describe("All dimensions of the metric, with their values."),
  statistic: z5.string().prefault("Average").describe("Average, Sum, Minimum, Maximum, SampleCount, p99, tm99, ...")
});
var cloudwatchQuery = z5.strictObject({
  metric: cloudwatchMetric.optional().describe("One metric."),
  expression: z5.string().optional().describe("Metric math over the names of `metrics`."),
  metrics: z5.record(
    z5.string().regex(/^[a-z][a-zA-Z0-9_]*$/, {
      error: 'expected a name that begins with a small letter, of letters, digits and "_", as metric math wants it'
    }),
    cloudwatchMetric
  ).optional().describe("The metrics that `expression` names."),
  sql: z5.string().optional().describe("A Metrics Insights query; one series for each group."),
  count: cloudwatchMetric.optional().describe("Number of samples behind each value, for `samples.minCount` and the Wilson interval.")
}).superRefine(exactlyOne(["metric", "expression", "sql"])).superRefine((query, ctx) => {
  if (query.expression !== void 0 && query.metrics === void 0) {
    ctx.addIssue({ code: "custom", path: ["metrics"], message: "expected `metrics`, the metrics that `expression` names" });
  }
});
var querySchema = z5.strictObject({
  predictions: predictionsQuery.optional().describe("For a source of the kind predictions."),
  samples: samplesQuery.optional().describe("For a source of the kind samples."),
  cloudwatch: cloudwatchQuery.optional().describe("For a source of the kind cloudwatch: `metric`, or `expression` with `metrics`, or `sql`.")
}).superRefine(exactlyOne(["predictions", "samples", "cloudwatch"]));

// core/config/rule-kinds-schema.ts
import * as z6 from "zod";
var bounds = z6.strictObject({
  warn: z6.number().optional().describe("Warn past this value."),
  critical: z6.number().optional().describe("Critical past this value.")
}).refine((b) => b.warn !== void 0 || b.critical !== void 0, { error: "expected a bound for warn, critical or both" });
var thresholdSchema = z6.strictObject({
  above: bounds.optional().describe("A value above is bad."),
  below: bounds.optional().describe("A value below is bad.")
}).superRefine(exactlyOne(["above", "below"])).superRefine((threshold, ctx) => {
  const { above, below } = threshold;
  if (above?.warn !== void 0 && above.critical !== void 0 && above.warn >= above.critical) {
    ctx.addIssue({ code: "custom", path: ["above", "critical"], message: "expected critical to lie above warn" });
  }
  if (below?.warn !== void 0 && below.critical !== void 0 && below.warn <= below.critical) {
    ctx.addIssue({ code: "custom", path: ["below", "critical"], message: "expected critical to lie below warn" });
  }
});
var bandsOf = (size, what) => z6.strictObject({
  warn: size.optional().describe(`Warn from ${what}.`),
  critical: size.optional().describe(`Critical from ${what}.`)
}).refine((b) => b.warn !== void 0 || b.critical !== void 0, { error: "expected a bound for warn, critical or both" }).refine((b) => b.warn === void 0 || b.critical === void 0 || b.warn < b.critical, {
  error: "expected warn to be smaller than critical",
  path: ["critical"]
});
var rateOfChangeSchema = z6.strictObject({
  over: positiveDuration.describe("The span of the change: a point is compared with the one this long before it."),
  direction: z6.enum(["rise", "drop", "either"]).prefault("either").describe("Which way is bad."),
  relative: bandsOf(percent, "a change of this share of the earlier value").optional().describe("The change as a share."),
  absolute: bandsOf(z6.number().positive(), "a change of this size").optional().describe("The change in the metric's own unit.")
}).superRefine(exactlyOne(["relative", "absolute"]));
var absenceSchema = bandsOf(positiveDuration, "this long without a point");
var burnWindow = z6.strictObject({
  long: positiveDuration.describe("The error budget must have burnt this fast over this span ..."),
  short: positiveDuration.describe("... and over this one, which ends the alert soon after the errors end."),
  burn: z6.number().positive().describe("How many times faster than the budget allows."),
  severity: severitySchema.describe("The band that is entered.")
}).refine(({ long, short }) => short < long, { error: "expected short to be shorter than long", path: ["short"] });
var burnRateSchema = z6.strictObject({
  objective: percent.refine((o) => o > 0 && o < 1, { error: "expected an objective between 0% and 100%, such as 99.9%" }).describe("The share of good events that is promised; the rest is the error budget."),
  ratio: z6.enum(["error", "good"]).prefault("error").describe("What the query gives: the share of errors, or that of good events, such as accuracy."),
  windows: z6.array(burnWindow).min(1).max(8).prefault([
    { long: "1h", short: "5m", burn: 14.4, severity: "critical" },
    { long: "6h", short: "30m", burn: 6, severity: "warn" }
  ]).describe("Pairs of windows. The default is that of the Google SRE workbook, chapter 5, for a budget of 30 days.")
});
var term = z6.strictObject({
  rule: name.optional().describe("Name of a rule, which may be composite itself."),
  match: matchers.optional().describe("Alerts with these labels, whoever judges them; without `rule`, those of composite rules do not count."),
  severity: severitySchema.optional().describe("`critical`: only critical alerts count.")
}).refine(({ rule, match }) => rule !== void 0 || match !== void 0, { error: "expected a rule, a match or both" });
var terms = z6.array(term).min(1).max(20);
var compositeSchema = z6.strictObject({
  all: terms.optional().describe("Each of these has an alert ..."),
  any: terms.optional().describe("... and at least one of these ..."),
  none: terms.optional().describe("... and none of these."),
  on: z6.array(z6.string().min(1)).optional().describe(
    "Labels in which the alerts must agree, where they have them; they become the labels of this rule. `settings.groupBy` when left out."
  ),
  severity: severitySchema.optional().describe("Severity of the alert; the highest of the alerts behind it when left out.")
}).refine(({ all, any }) => all !== void 0 || any !== void 0, {
  error: "expected `all` or `any`: a rule that only names what must not fire would always fire"
});

// core/config/rule-schema.ts
var mOfN = z7.string().regex(/^\d+\/\d+$/, { error: "expected M/N, such as 3/5: M of the last N points" }).transform((text2) => {
  const [m, n] = text2.split("/").map(Number);
  return { m, n };
}).refine(({ m, n }) => m >= 1 && n >= m && n <= 1e3, { error: "expected M/N with 1 <= M <= N <= 1000" }).meta({ title: "M/N" });
var samplesGuard = z7.strictObject({
  labelShare: percent.refine((share2) => share2 <= 1, { error: "expected 0% to 100%" }).prefault("80%").describe("For metrics that rest on labels: with fewer of its predictions labelled, a point is called provisional."),
  minCount: z7.int().min(0).prefault(0).describe("Below this many samples a point is never a breach."),
  confidence: percent.refine((c) => c > 0 && c < 1, { error: "expected a confidence between 0% and 100%" }).optional().describe("For a ratio: a point breaches only where the Wilson interval of this confidence lies wholly past the bound.")
});
var ruleKinds = ["degradation", "threshold", "rateOfChange", "burnRate", "absence", "composite"];
function askedBy(key) {
  const fits = (rule) => {
    if (typeof rule !== "object" || rule === null) return true;
    const { composite, [key]: value } = rule;
    return composite === void 0 !== (value === void 0);
  };
  const error2 = `expected a ${key} in every rule but a composite one, which has none`;
  const params = { path: [key], error: error2, when: () => true };
  return [fits, params];
}
var ruleSchema = z7.strictObject({
  title: z7.string().optional().describe("What a page says is wrong; the rule's name when left out."),
  source: name.optional().describe("Name of the source that is asked; required but for `composite`."),
  query: querySchema.optional().describe("What the source is asked for: exactly one, of the kind of the source; required but for `composite`."),
  step: positiveDuration.prefault("1m").describe("Distance between two judged points; for CloudWatch the period."),
  every: positiveDuration.optional().describe("How often the rule is evaluated; `step` when left out."),
  whileActive: positiveDuration.optional().describe(
    "How often it is evaluated while an alert of it is pending or firing; shorter than `every`. As `every` when left out."
  ),
  category: categorySchema.describe("The row of the escalation matrix."),
  degradation: degradationSchema.optional().describe("Judge by how much worse than a baseline."),
  threshold: thresholdSchema.optional().describe("Judge by fixed bounds."),
  rateOfChange: rateOfChangeSchema.optional().describe("Judge by how much the value has changed over a span."),
  burnRate: burnRateSchema.optional().describe("Judge by how fast the error budget of an objective burns."),
  absence: absenceSchema.optional().describe("Judge by how long no point has come: a heartbeat."),
  composite: compositeSchema.optional().describe("Judge by the alerts of other rules."),
  for: mOfN.prefault("1/1").describe("M/N: at least M of the last N points must breach."),
  recover: percent.refine((r) => r > 0 && r <= 1, { error: "expected 0% to 100%" }).prefault("80%").describe("An alert leaves a band only once it is below this share of the band's bound."),
  keepFiring: duration.prefault("0s").describe("An alert stays firing at least this long after its last breach."),
  noData: z7.enum(["ok", "alert", "hold"]).prefault("hold").describe("What missing points count as: fine, a breach of the warn band, or nothing new (the last state holds)."),
  errorFor: duration.prefault("15m").describe("After the source has failed this long, an alert about the rule itself is raised."),
  samples: samplesGuard.prefault({}).describe("Protection against points that rest on too few samples."),
  maxSeries: z7.int().min(1).max(1e5).prefault(1e4).describe("More series than this raise an alert about the rule itself."),
  labels: labels.prefault({}).describe("Labels of every alert of this rule; they replace those of the series."),
  owner: z7.string().optional().describe("Who owns what is watched; shown on pages."),
  runbook: name.describe("Name of the runbook: runbooks/NAME.md."),
  rollback: name.optional().describe("Name of the rollback that is considered when this rule is critical.")
}).superRefine(exactlyOne([...ruleKinds])).refine(...askedBy("source")).refine(...askedBy("query")).superRefine((rule, ctx) => {
  const alone = ["burnRate", "absence", "composite"].find((kind) => rule[kind] !== void 0);
  if (alone !== void 0 && rule.for.n > 1) {
    const message = `expected no M/N above 1/1: ${alone} has spans of its own; received ${rule.for.m}/${rule.for.n}`;
    ctx.addIssue({ code: "custom", path: ["for"], message });
  }
}).superRefine(({ step, every = step, whileActive }, ctx) => {
  if (whileActive === void 0 || whileActive < every) return;
  const message = `expected less than the ${formatDuration(every)} at which the rule is evaluated while all is well; received ${formatDuration(whileActive)}`;
  ctx.addIssue({ code: "custom", path: ["whileActive"], message });
});

// core/config/source-schema.ts
import * as z9 from "zod";

// core/config/alerts-source-schema.ts
import * as z8 from "zod";
var severityWords = { critical: "critical", page: "critical", error: "critical", warning: "warn", warn: "warn" };
var alertsSource = z8.strictObject({
  kind: z8.literal("alerts").describe("Alerts that another system has judged and sends as to an Alertmanager; Prometheus for one. No rule asks it."),
  labels: labels.prefault({}).describe("Labels of every alert of this source; they replace those that were sent."),
  category: categorySchema.describe("The row of the escalation matrix, for alerts without a label `category`."),
  severityLabel: z8.string().min(1).prefault("severity").describe("The label that tells how bad it is."),
  severities: z8.record(z8.string(), severitySchema).prefault(severityWords).describe("Values of that label, and what they are taken for."),
  severity: severitySchema.prefault("warn").describe("For alerts whose label is missing or has another value."),
  runbook: name.describe("For alerts without a label `runbook` and without an annotation `runbook` or `runbook_url`."),
  owner: z8.string().optional().describe("Who owns what is watched, for alerts without a label `owner`; shown on pages."),
  groupBy: z8.array(z8.string().min(1)).optional().describe("Alerts that agree in these labels are one incident; `settings.groupBy` when left out."),
  endsAfter: positiveDuration.prefault("5m").describe("An alert sent without `endsAt` ends this long after it was last sent.")
});

// core/config/source-schema.ts
var predictionColumns = z9.strictObject({
  id: z9.string().optional().describe("Column with an id of the prediction, which a label that comes later names."),
  timestamp: z9.string().prefault("timestamp").describe("Column with the time of the prediction (ISO 8601; UTC when no offset is given)."),
  timestampUnit: z9.enum(["instant", "year"]).prefault("instant").describe("`year`: the column holds only a year; its rows are spread evenly over that year in file order."),
  prediction: z9.string().prefault("prediction").describe("Column with the predicted class or value."),
  score: z9.string().optional().describe("Column with the score or probability behind the prediction."),
  label: z9.string().optional().describe("Column with what turned out to be true."),
  version: z9.string().optional().describe("Column with the version of the model."),
  features: z9.array(z9.string()).optional().describe("Columns that are features; all other columns when left out.")
});
var featureSchema = z9.strictObject({
  type: z9.enum(["number", "integer", "category", "boolean", "text"]).describe("A category is a text of which there are few."),
  min: z9.number().optional().describe("Numbers below are out of range."),
  max: z9.number().optional().describe("Numbers above are out of range."),
  values: z9.array(z9.string()).min(1).max(1e4).optional().describe("The categories there are; any other one is unseen."),
  optional: z9.boolean().prefault(false).describe("false: a record without it counts as one in which it is null.")
}).superRefine(({ type, min, max, values }, ctx) => {
  const isNumber = type === "number" || type === "integer";
  const refuse = (key, message) => ctx.addIssue({ code: "custom", path: [key], message });
  if (min !== void 0 && !isNumber) refuse("min", `expected no min for a ${type}`);
  if (max !== void 0 && !isNumber) refuse("max", `expected no max for a ${type}`);
  if (values !== void 0 && type !== "category") refuse("values", `expected no values for a ${type}`);
  if (min !== void 0 && max !== void 0 && min > max) refuse("max", "expected max to be at least min");
});
var sampleColumns = z9.strictObject({
  timestamp: z9.string().prefault("timestamp").describe("Column with the time of the sample."),
  value: z9.string().prefault("value").describe("Column with its value."),
  metric: z9.string().optional().describe("Column naming the metric; the file name without its ending when left out.")
});
var sourceLabels = "Labels of every series of this source, such as `environment: production`.";
var predictionsSource = z9.strictObject({
  kind: z9.literal("predictions").describe("Records of single predictions, sent over HTTP or read from files."),
  model: name.describe("The model whose predictions these are; becomes the label `model` of every series."),
  labels: labels.prefault({}).describe(sourceLabels),
  bucket: positiveDuration.prefault("1h").describe("Records are folded into buckets this long."),
  retain: positiveDuration.prefault("90d").describe("How long buckets are kept; older records are refused."),
  labelWait: positiveDuration.prefault("7d").describe("How long a prediction waits for its label."),
  features: z9.array(z9.string()).optional().describe("Features every record must carry; one that is missing counts as null."),
  schema: z9.record(z9.string().min(1).max(128), featureSchema).optional().describe("What features are declared to be, by name; for out_of_range_rate, unseen_rate and type_error_rate."),
  columns: predictionColumns.optional().describe("How columns of a CSV file map to a prediction record.")
});
var samplesSource = z9.strictObject({
  kind: z9.literal("samples").describe("Samples of any metric, sent over HTTP or read from files."),
  labels: labels.prefault({}).describe(sourceLabels),
  bucket: positiveDuration.prefault("1m").describe("Samples are folded into buckets this long."),
  retain: positiveDuration.prefault("30d").describe("How long buckets are kept; older samples are refused."),
  columns: sampleColumns.optional().describe("How columns of a CSV file map to a sample.")
});
var cloudwatchSource = z9.strictObject({
  kind: z9.literal("cloudwatch").describe("Metrics of Amazon CloudWatch, read with GetMetricData."),
  region: z9.string().optional().describe("The region of the metrics; that of the deployment when left out."),
  labels: labels.prefault({}).describe(sourceLabels),
  lag: duration.prefault("2m").describe("Datapoints younger than this may still be late or revised, and are left for the next evaluation.")
});
var sourceSchema = z9.discriminatedUnion("kind", [predictionsSource, samplesSource, cloudwatchSource, alertsSource]);

// core/config/schema.ts
var httpUrl = z10.url({ protocol: /^https?$/, error: "expected an http:// or https:// URL" }).meta({ title: "http(s) URL" });
var webhook = z10.strictObject({
  url: httpUrl.describe("Where signed JSON is posted to."),
  secret: secretName.describe("Name of the secret that signs the request.")
});
var contactSchema = z10.strictObject({
  slack: z10.string().optional().describe("Channel id or name, or the user id of a person."),
  sns: z10.string().optional().describe("Topic ARN; `default` is the topic of the deployment."),
  webhook: webhook.optional().describe("Signed JSON to an address."),
  terminal: z10.literal(true).optional().describe("Lines in the terminal of `npm start`.")
}).superRefine(exactlyOne(["slack", "sns", "webhook", "terminal"]));
var roles = ["viewer", "responder", "admin"];
var responderSchema = z10.strictObject({
  name: z10.string().describe("As it is shown on pages."),
  slackUser: z10.string().optional().describe("Slack user id, so that a button press is known to be this person."),
  role: z10.enum(roles).prefault("responder").describe("What they may do from Slack: `viewer` looks, `responder` acts on incidents, `admin` may do everything."),
  contacts: z10.array(contactSchema).min(1).describe("Ways to reach them, best first; the next is tried when one is dead.")
});
var localDateTime = z10.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, { error: "expected a local date and time such as 2026-01-05T09:00" }).meta({ title: "local date and time" });
var scheduleSchema = z10.strictObject({
  timezone: timeZone.describe("IANA time zone of all times of the schedule."),
  start: localDateTime.describe("The first hand-over; later ones come at the same local time."),
  rotation: z10.enum(["daily", "weekly"]).prefault("weekly").describe("How long a turn is."),
  responders: z10.array(name).min(1).describe("Names of responders, in the order of their turns; the first begins at `start`."),
  overrides: z10.array(
    z10.strictObject({
      from: localDateTime.describe("Local time at which it begins."),
      to: localDateTime.describe("Local time at which it ends."),
      responder: name.describe("Who is on call instead.")
    })
  ).prefault([]).describe("Exceptions from the rotation; of those that overlap the later in the list wins.")
});
var targetSchema = z10.strictObject({
  responder: name.optional().describe("Name of a person."),
  schedule: name.optional().describe("Name of a schedule: whoever is on call."),
  channel: name.optional().describe("Name of a channel.")
}).superRefine(exactlyOne(["responder", "schedule", "channel"]));
var policySchema = z10.strictObject({
  tiers: z10.array(
    z10.strictObject({
      targets: z10.array(targetSchema).min(1).max(20).describe("Who is paged, all at once; at most 20."),
      ackWithin: positiveDuration.describe("Without an acknowledge after this long, the next tier is paged.")
    })
  ).min(1).describe("The steps of escalation, in order."),
  repeat: z10.int().min(0).max(20).prefault(0).describe("How often the last tier is paged again before the fallback."),
  fallback: targetSchema.optional().describe("Paged when all tiers and repeats have passed."),
  ackTimeout: positiveDuration.prefault("4h").describe("An acknowledged incident that is still open after this escalates again.")
});
var matrixCell = z10.strictObject({
  policy: name.describe("Name of the escalation policy."),
  ackTarget: positiveDuration.optional().describe("Response-time target: time to acknowledge."),
  resolveTarget: positiveDuration.optional().describe("Response-time target: time to resolve.")
});
var matrixRow = z10.strictObject({
  warn: matrixCell.optional().describe("For incidents of this severity; the cell of `default` when left out."),
  critical: matrixCell.optional().describe("For incidents of this severity; the cell of `default` when left out.")
});
var matrixSchema = z10.strictObject({
  "data-quality": matrixRow.optional().describe("Validation errors, missing or corrupt data."),
  drift: matrixRow.optional().describe("Inputs or predictions have moved away from what was."),
  performance: matrixRow.optional().describe("The model is wrong more often."),
  latency: matrixRow.optional().describe("Answers take too long."),
  availability: matrixRow.optional().describe("Answers fail."),
  resource: matrixRow.optional().describe("Memory, disk, processors, quotas."),
  pipeline: matrixRow.optional().describe("Jobs, volume, and alerts about rules themselves."),
  default: z10.strictObject({
    warn: matrixCell.describe("For incidents of this severity."),
    critical: matrixCell.describe("For incidents of this severity.")
  }).describe("Used where a category has no cell of its own.")
});
var inhibitionSchema = z10.strictObject({
  name: name.describe("Shown as the reason."),
  source: matchers.describe("While an alert with these labels fires ..."),
  target: matchers.describe("... alerts with these labels do not page ..."),
  equal: z10.array(z10.string()).prefault([]).describe("... when these labels are equal in both.")
});
var days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
var clockTime = z10.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: "expected a time of day such as 22:00" }).meta({ title: "time of day" });
var muteTimingSchema = z10.strictObject({
  timezone: timeZone.describe("IANA time zone of its windows."),
  match: matchers.describe("Alerts with these labels do not page during the windows."),
  windows: z10.array(
    z10.strictObject({
      days: z10.array(z10.enum(days)).min(1).prefault([...days]).describe("Days on which a window begins."),
      from: clockTime.describe("Local time of day, such as 22:00; quoted, so that every reader of YAML takes it for a text."),
      to: clockTime.describe("A `to` before `from` is on the next day.")
    })
  ).min(1).describe("When it is active.")
});
var hookSchema = z10.strictObject({
  lambdaAlias: z10.strictObject({
    functionName: z10.string().describe("Name or ARN of the function."),
    alias: z10.string().describe("The alias that is moved to another version."),
    region: z10.string().optional().describe("That of the deployment when left out.")
  }).optional().describe("An alias of a Lambda function."),
  webhook: webhook.optional().describe("A service of your own, as docs/webhooks.md describes it.")
}).superRefine(exactlyOne(["lambdaAlias", "webhook"]));
var deploymentSchema = z10.strictObject({
  model: name.optional().describe("The model that it serves; for people."),
  hook: hookSchema.describe("How it is asked what it serves, and told to return to another version.")
});
var rollbackSchema = z10.strictObject({
  deployment: name.describe("Name of the deployment."),
  automatic: z10.boolean().prefault(false).describe("false: only offered to a person as a button."),
  cooldown: duration.prefault("6h").describe("After a rollback nothing automatic happens for this long."),
  dailyLimit: z10.int().min(1).prefault(2).describe("At most this many automatic rollbacks in 24 hours."),
  goodAfter: duration.prefault("1h").describe("A version counts as good once it has served this long."),
  verify: positiveDuration.prefault("30m").describe("How long the rule is watched after a rollback for recovery."),
  role: z10.enum(["responder", "admin"]).prefault("responder").describe("Who may ask for it: this role, or a higher one.")
});
var settingsSchema = z10.strictObject({
  publicUrl: httpUrl.prefault("http://127.0.0.1:4319").describe("Where pages link to."),
  groupBy: z10.array(z10.string().min(1)).prefault(["model", "environment"]).describe("Alerts that agree in these labels are one incident."),
  groupWait: duration.prefault("30s").describe("A warn incident waits this long before its first page."),
  groupInterval: duration.prefault("5m").describe("Alerts that join an open incident are a reason to page at most this often."),
  reopenWindow: duration.prefault("30m").describe("A group that fires again this soon after its incident was resolved reopens it rather than making a new one."),
  resolveDelay: duration.prefault("5m").describe("An incident is resolved once all its alerts have been for this long."),
  pageInterval: duration.prefault("1m").describe("At most one page to one target in this time; the rest is bundled."),
  maxFuture: positiveDuration.prefault("10m").describe("Records stamped further ahead of the clock than this are refused."),
  ingestKey: secretName.optional().describe(
    "Name of the secret that senders present as a bearer token. Short for one of `ingestKeys` that may send everything."
  ),
  ingestKeys: z10.array(ingestKeySchema).prefault([]).describe("Keys of senders, each with what it may send. Without any, ingest is closed on AWS and open on one machine."),
  webPassword: secretName.optional().describe(
    "Name of the secret that people present to see the incident pages; without it they are closed on AWS and open on one machine."
  ),
  slack: z10.strictObject({
    token: secretName.describe("Name of the secret that holds the bot token."),
    signingSecret: secretName.describe("Name of the secret by which requests from Slack are checked."),
    unknownUsers: z10.enum(["viewer", "responder"]).prefault("viewer").describe("What Slack users may do whom no responder names with `slackUser`.")
  }).optional().describe("Needed once a contact is on Slack.")
});
var configSchema = z10.strictObject({
  settings: settingsSchema.prefault({}).describe("What holds for everything."),
  sources: z10.record(name, sourceSchema).prefault({}).describe("Where samples come from, by name."),
  rules: z10.record(name, ruleSchema).prefault({}).describe("What is watched and how it is judged, by name."),
  responders: z10.record(name, responderSchema).prefault({}).describe("People who can be paged, by name."),
  schedules: z10.record(name, scheduleSchema).prefault({}).describe("Who is on call when, by name."),
  channels: z10.record(name, contactSchema).prefault({}).describe("Places where several people read, by name."),
  policies: z10.record(name, policySchema).prefault({}).describe("Escalation policies, by name."),
  matrix: matrixSchema.describe(
    "The escalation matrix: which policy and which response-time targets for which category and severity."
  ),
  inhibitions: z10.array(inhibitionSchema).prefault([]).describe("Alerts that make others superfluous."),
  muteTimings: z10.record(name, muteTimingSchema).prefault({}).describe("Recurring times at which some alerts do not page, by name."),
  deployments: z10.record(name, deploymentSchema).prefault({}).describe("What serves models and can be rolled back, by name."),
  rollbacks: z10.record(name, rollbackSchema).prefault({}).describe("When a deployment may be returned to its last known good version, by name.")
});

// core/config/json-schema.ts
var made;
function configJsonSchema() {
  if (made === void 0) {
    const { $schema, required: _, ...schema } = z11.toJSONSchema(configSchema, { io: "input" });
    made = { $schema, title: "Tocsin config", ...schema };
  }
  return made;
}
function schemaAt(path, value) {
  let schema = configJsonSchema();
  let here = value;
  for (const step of path) {
    schema = alternative(schema, here);
    schema = typeof step === "number" ? schema?.items : ownSchema(schema?.properties, step) ?? valuesOf(schema);
    here = typeof here === "object" && here !== null ? here[step] : void 0;
  }
  return alternative(schema, here);
}
function alternative(schema, value) {
  if (schema?.oneOf === void 0) return schema;
  const kind = typeof value === "object" && value !== null ? value["kind"] : void 0;
  return schema.oneOf.find((one) => one.properties?.["kind"]?.const === kind) ?? schema;
}
var ownSchema = (properties, name2) => properties !== void 0 && Object.hasOwn(properties, name2) ? properties[name2] : void 0;
var valuesOf = (schema) => typeof schema?.additionalProperties === "object" ? schema.additionalProperties : void 0;

// core/config/nearest.ts
import { distance } from "fastest-levenshtein";
var tolerance = (length) => length < 3 ? 0 : length === 3 ? 1 : Math.max(2, Math.floor(length / 3));
function nearest(name2, valid) {
  const wanted = name2.toLowerCase();
  let best;
  for (const candidate of valid) {
    const limit = tolerance(Math.max(wanted.length, candidate.length));
    if (Math.abs(candidate.length - wanted.length) > limit) continue;
    const far = distance(wanted, candidate.toLowerCase());
    if (far <= limit && (best === void 0 || far < best.distance)) best = { name: candidate, distance: far };
  }
  return best?.name;
}

// core/config/explain.ts
var secretKeys = /* @__PURE__ */ new Set(["secret", "token", "signingSecret", "ingestKey"]);
function explainIssues(issues, merged) {
  return issues.flatMap((issue) => {
    const path = issue.path.map((step) => typeof step === "symbol" ? String(step) : step);
    if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(path, key, merged));
    if (issue.code === "invalid_key") return [badKey(path, issue, merged)];
    return [wrongValue(path, issue, merged)];
  });
}
function unknownKey(parent, key, merged) {
  const path = [...parent, key];
  const known = Object.keys(schemaAt(parent, merged.value)?.properties ?? {});
  const suggestion = nearest(key, known);
  const choice = suggestion === void 0 && known.length > 0 && key !== "<<" ? `; expected one of ${known.join(", ")}` : "";
  const what = key === "<<" ? "merge keys are not part of YAML 1.2; repeat what they stand for" : "this key is not known here";
  return error(merged, path, "key", `${pathText(path)}: ${what}${choice}`, suggestion);
}
function badKey(path, issue, merged) {
  const key = String(path.at(-1));
  const expected = issue.issues[0]?.message ?? "expected another key";
  const message = expected.startsWith("expected") ? expected : "expected a key that is not empty";
  return error(merged, path, "key", `${pathText(path.slice(0, -1))}: ${message}; received ${shown(key)}`);
}
function wrongValue(path, issue, merged) {
  const value = valueAt(merged.value, path);
  const parent = path.length === 0 ? void 0 : valueAt(merged.value, path.slice(0, -1));
  if (value === void 0 && path.length > 0 && typeof parent === "object") {
    const message = `${pathText(path)} is missing; ${expectation(issue)}`;
    return { ...error(merged, path.slice(0, -1), "key", message), path: pathText(path) };
  }
  const options = optionsOf(issue);
  const suggestion = typeof value === "string" && options !== void 0 ? nearest(value, options) : void 0;
  const told = issue.message.includes("received") && issue.code === "custom";
  const received = told ? "" : `; received ${secretKeys.has(String(path.at(-1))) ? secretShown(value) : shown(value)}`;
  const place = told ? "key" : "value";
  const quote = issue.code === "invalid_type" && issue.expected === "string" && typeof value !== "object" ? "; put it into quotes" : "";
  return error(merged, path, place, `${pathText(path)}: ${expectation(issue)}${received}${quote}`, suggestion);
}
var secretShown = (value) => typeof value === "string" ? "a text that is not shown here" : shown(value);
function error(merged, path, what, message, suggestion) {
  return { ...merged.placeOf(path, what), path: pathText(path), message, ...suggestion !== void 0 && { suggestion } };
}
function optionsOf(issue) {
  if (issue.code === "invalid_value") return issue.values.map(String);
  if (issue.code === "invalid_union" && "options" in issue && Array.isArray(issue.options)) return issue.options.map(String);
  return void 0;
}
var kinds = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a mapping",
  record: "a mapping",
  array: "a list"
};
function expectation(issue) {
  const options = optionsOf(issue);
  if (options !== void 0) return options.length === 1 ? `expected ${options[0]}` : `expected one of ${options.join(", ")}`;
  if (issue.message.startsWith("expected")) return issue.message;
  if (issue.code === "invalid_type") return `expected ${kinds[issue.expected] ?? issue.expected}`;
  if (issue.code === "too_small" || issue.code === "too_big") return bound(issue);
  return `expected something else (${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)})`;
}
function bound(issue) {
  const limit = issue.code === "too_small" ? issue.minimum : issue.maximum;
  const least = issue.code === "too_small" ? "at least" : "at most";
  if (issue.origin === "string")
    return limit === 1 && least === "at least" ? "expected a text that is not empty" : `expected ${least} ${limit} characters`;
  if (issue.origin === "array") return `expected ${least} ${limit} item${limit === 1 ? "" : "s"}`;
  return `expected a number of ${least} ${limit}`;
}
function valueAt(value, path) {
  let here = value;
  for (const step of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, step)) return void 0;
    here = here[step];
  }
  return here;
}

// core/config/merge.ts
function mergeDocuments(documents) {
  const value = {};
  const owners = /* @__PURE__ */ new Map();
  const errors = [];
  for (const document of documents) {
    if (document.value === void 0) continue;
    if (!isMapping(document.value)) {
      const message = `expected a mapping of sections such as rules and sources; received ${shown(document.value)}`;
      errors.push({ ...document.placeOf([], "value"), path: "", message });
      continue;
    }
    for (const [section, part] of Object.entries(document.value)) {
      if (part === null) continue;
      const before = owners.get(section);
      if (before === void 0) {
        value[section] = isMapping(part) ? { ...part } : Array.isArray(part) ? [...part] : part;
        owners.set(section, [{ document, from: 0 }]);
      } else {
        errors.push(...unite(value, section, part, document, before));
      }
    }
  }
  return { merged: { value, placeOf: (path, what) => placeIn(owners, documents, path, what) }, errors };
}
function unite(value, section, part, document, owners) {
  const whole = value[section];
  const [first] = owners;
  if (Array.isArray(whole) && Array.isArray(part)) {
    owners.push({ document, from: whole.length });
    whole.push(...part);
    return [];
  }
  if (!isMapping(whole) || !isMapping(part)) {
    const { file, line } = first.document.placeOf([section], "key");
    const message = `${section}: expected the same kind of section as at ${file}:${line}, ${shown(whole)}; received ${shown(part)}`;
    return [{ ...document.placeOf([section], "key"), path: section, message }];
  }
  const errors = [];
  for (const [name2, item] of Object.entries(part)) {
    const path = [section, name2];
    const twice = owners.find((owner) => isMapping(owner.document.value) && holds(owner.document.value[section], name2));
    if (twice === void 0) {
      whole[name2] = item;
    } else {
      const { file, line, column } = twice.document.placeOf(path, "key");
      const message = `${pathText(path)} is defined twice; the first is at ${file}:${line}:${column}; rename or remove one of them`;
      errors.push({ ...document.placeOf(path, "key"), path: pathText(path), message });
    }
  }
  owners.push({ document, from: 0 });
  return errors;
}
function placeIn(owners, documents, path, what) {
  const [section, name2, ...rest] = path;
  const candidates = owners.get(String(section)) ?? [];
  const first = candidates[0]?.document ?? documents.find((document) => holds(document.value, section)) ?? documents[0];
  if (typeof name2 === "number") {
    const owner = candidates.findLast(({ from }) => from <= name2);
    if (owner !== void 0) return owner.document.placeOf([String(section), name2 - owner.from, ...rest], what);
  } else if (name2 !== void 0) {
    const owner = candidates.find(({ document }) => isMapping(document.value) && holds(document.value[String(section)], name2));
    if (owner !== void 0) return owner.document.placeOf(path, what);
  }
  return first?.placeOf(path, what) ?? { file: "", line: 1, column: 1 };
}
var holds = (value, name2) => isMapping(value) && Object.hasOwn(value, String(name2));
function isMapping(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// core/oncall/local-time.ts
import { Temporal } from "temporal-polyfill";
function localTime(text2) {
  try {
    return Temporal.PlainDateTime.from(text2);
  } catch (cause) {
    throw new RangeError(`expected a local date and time such as 2026-01-05T09:00; received ${text2}`, { cause });
  }
}

// core/rules/composite.ts
function rulesNamed({ all = [], any = [], none = [] }) {
  return [...new Set([...all, ...any, ...none].flatMap(({ rule }) => rule ?? []))];
}
function compositeOrder(rules) {
  const order = [];
  const cycles = [];
  const state = /* @__PURE__ */ new Map();
  const way = [];
  const visit = (id) => {
    const composite = Object.hasOwn(rules, id) ? rules[id]?.composite : void 0;
    if (composite === void 0 || state.get(id) === "done") return;
    if (state.get(id) === "open") {
      cycles.push(way.slice(way.indexOf(id)));
      return;
    }
    state.set(id, "open");
    way.push(id);
    for (const name2 of rulesNamed(composite)) visit(name2);
    way.pop();
    state.set(id, "done");
    order.push(id);
  };
  for (const id of Object.keys(rules)) visit(id);
  return { order, cycles };
}

// core/config/inhibition-cycles.ts
function checkInhibitions(config, report) {
  const { inhibitions } = config;
  const names2 = /* @__PURE__ */ new Map();
  for (const [index, { name: name2 }] of inhibitions.entries()) {
    const first = names2.get(name2);
    if (first === void 0) names2.set(name2, index);
    else
      report(
        ["inhibitions", index, "name"],
        "value",
        `expected a name of its own; received ${name2}, the name of inhibitions[${first}]`
      );
  }
  if (inhibitions.length === 0) return;
  const candidates = candidatesOf(config);
  const matched = inhibitions.map(({ source, target }) => ({
    source: select(candidates, source),
    target: select(candidates, target)
  }));
  const next = inhibitions.map(
    (from, i) => inhibitions.flatMap((to, j) => overlap(from.target, to.source) && share(matched[i]?.target, matched[j]?.source) ? [j] : [])
  );
  const own = /* @__PURE__ */ new Set();
  for (const [index, { source, target, name: name2 }] of inhibitions.entries()) {
    if (!overlap(source, target) || !share(matched[index]?.source, matched[index]?.target)) continue;
    own.add(index);
    const message = `an alert may be both source and target of ${name2}; expected matchers that no alert satisfies both of, such as different rules or severities`;
    report(["inhibitions", index, "target"], "key", message);
  }
  for (const cycle of cyclesOf(next)) {
    if (cycle.length === 1 && own.has(cycle[0])) continue;
    const [first] = cycle;
    const chain = [...cycle, first].map((index) => inhibitions[index]?.name).join(" -> ");
    const message = `inhibitions can run in a circle, in which none of their alerts pages: ${chain}; remove one of them or narrow its target`;
    report(["inhibitions", first, "target"], "key", message);
  }
}
function candidatesOf(config) {
  return Object.entries(config.rules).flatMap(
    ([rule, { category, labels: labels2 }]) => severities.flatMap((severity) => [
      { ...labels2, rule, category, severity },
      // An alert about the rule itself.
      { ...labels2, rule, category: "pipeline", severity }
    ])
  );
}
var valuesOf2 = (wanted) => typeof wanted === "string" ? [wanted] : wanted;
function select(candidates, matchers2) {
  const chosen = /* @__PURE__ */ new Set();
  for (const [index, candidate] of candidates.entries()) {
    const fits = Object.entries(matchers2).every(
      ([label, wanted]) => !Object.hasOwn(candidate, label) || valuesOf2(wanted).includes(candidate[label])
    );
    if (fits) chosen.add(index);
  }
  return chosen;
}
function share(a, b) {
  return a !== void 0 && b !== void 0 && [...a].some((one) => b.has(one));
}
function overlap(a, b) {
  return Object.entries(a).every(([label, wanted]) => {
    const other = Object.hasOwn(b, label) ? b[label] : void 0;
    return other === void 0 || valuesOf2(wanted).some((value) => valuesOf2(other).includes(value));
  });
}
function cyclesOf(next) {
  const cycles = [];
  const reported = /* @__PURE__ */ new Set();
  for (const start of next.keys()) {
    if (reported.has(start)) continue;
    const cycle = shortestWayBack(next, start);
    if (cycle === void 0) continue;
    for (const node of cycle) reported.add(node);
    cycles.push(cycle);
  }
  return cycles;
}
function shortestWayBack(next, start) {
  const queue = [[start]];
  const seen = /* @__PURE__ */ new Set();
  for (let way = queue.shift(); way !== void 0; way = queue.shift()) {
    for (const node of next[way.at(-1)] ?? []) {
      if (node === start) return way;
      if (seen.has(node)) continue;
      seen.add(node);
      queue.push([...way, node]);
    }
  }
  return void 0;
}

// core/rules/baseline.ts
var scratch = new Float64Array(256);
function baselineReach({ rolling: rolling2, seasonal: seasonal2 }) {
  if (rolling2 !== void 0) return rolling2.window;
  if (seasonal2 !== void 0) return seasonal2.periods * periodOf(seasonal2.season) + 2 * seasonal2.slot;
  return 0;
}
var periodOf = (season) => (season === "week" ? 7 : 1) * 864e5;

// core/statistics/saddle-point.ts
var series = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];

// core/rules/seasonal.ts
import { Temporal as Temporal2 } from "temporal-polyfill";

// core/rules/yardstick.ts
var changeSlack = (step, over) => Math.max(2 * step, over / 10);

// core/rules/judge.ts
var slackSteps = (n) => Math.max(3, Math.ceil(n / 5));
var lookbackOf = (rule) => (rule.for.n + slackSteps(rule.for.n)) * rule.step;
function rangeNeeded(rule) {
  const { absence, burnRate, rateOfChange, degradation, step } = rule;
  if (burnRate !== void 0) return Math.max(...burnRate.windows.map(({ long }) => long)) + step;
  if (absence !== void 0) return Math.max(absence.warn ?? 0, absence.critical ?? 0) + step;
  const before = rateOfChange === void 0 ? 0 : rateOfChange.over + changeSlack(step, rateOfChange.over);
  return lookbackOf(rule) + before + (degradation === void 0 ? 0 : baselineReach(degradation.baseline));
}

// core/config/rule-fits-source.ts
function checkRule(path, rule, source, report) {
  if (source.kind === "alerts") {
    const message = `expected a source of samples; received ${shown(rule.source)}, whose alerts are judged where they come from`;
    report([...path, "source"], "value", message);
    return;
  }
  const kind = ["predictions", "samples", "cloudwatch"].find((one) => rule.query[one] !== void 0);
  if (kind !== void 0 && kind !== source.kind) {
    const message = `expected a query of the kind ${source.kind}, as the source ${rule.source} is; received ${kind}`;
    report([...path, "query", kind], "key", message, source.kind);
    return;
  }
  checkBaselineWindow(path, rule, report);
  checkVersionBaseline(path, rule, source, report);
  checkBurnRate(path, rule, report);
  if (source.kind === "cloudwatch") checkCloudwatch(path, rule, source, report);
  else checkBuckets(path, rule, source, report);
  if (source.kind === "predictions") checkFeatures(path, rule, source, report);
}
function checkBaselineWindow(path, rule, report) {
  const rolling2 = rule.degradation?.baseline.rolling;
  if (rolling2 === void 0) return;
  const most = Math.floor(rolling2.window / rule.step);
  if (most >= rolling2.minPoints) return;
  const has = `${formatDuration(rolling2.window)} of one point every ${formatDuration(rule.step)} hold at most ${most}`;
  const message = `expected a window with room for minPoints, ${rolling2.minPoints}; ${has}; lengthen the window or lower minPoints`;
  report([...path, "degradation", "baseline", "rolling", "window"], "value", message);
}
function checkVersionBaseline(path, rule, source, report) {
  if (rule.degradation?.baseline.version === void 0) return;
  if (rule.query.predictions?.by.includes("version")) return;
  const at = [...path, "degradation", "baseline", "version"];
  const what = source.kind === "predictions" ? "expected `by: [version]` in the query" : "expected a source of predictions";
  report(
    at,
    "key",
    `${what}, for this baseline is the version before; received ${source.kind === "predictions" ? "a query over all versions" : source.kind}`
  );
}
function checkBurnRate(path, rule, report) {
  if (rule.burnRate === void 0) return;
  const kind = rule.query.predictions !== void 0 ? "predictions" : "samples";
  const over = (rule.query.predictions ?? rule.query.samples)?.over;
  if (over !== void 0 && over !== rule.step) {
    const message = `expected the step of the rule, ${formatDuration(rule.step)}, for a burn rate adds points up; received ${formatDuration(over)}`;
    report([...path, "query", kind, "over"], "value", message);
  }
  for (const [index, { short }] of rule.burnRate.windows.entries()) {
    if (short >= rule.step) continue;
    const message = `the window of ${formatDuration(short)} is shorter than the step of the rule, ${formatDuration(rule.step)}; shorten \`step\`, or name longer windows`;
    report([...path, "burnRate", "windows", index, "short"], "value", message);
  }
}
function checkBuckets(path, rule, source, report) {
  const { bucket, retain } = source;
  const query = rule.query.predictions ?? rule.query.samples;
  const over = query?.over ?? rule.step;
  const times = [
    { path: [...path, "step"], ms: rule.step },
    // Between two buckets nothing new ends, but labels may come late: evaluating more often is fine where it is even.
    { path: [...path, "every"], ms: rule.every ?? rule.step, finer: true },
    { path: [...path, "whileActive"], ms: rule.whileActive ?? rule.step, finer: true }
  ];
  if (query?.over !== void 0) times.push({ path: [...path, "query", source.kind, "over"], ms: query.over });
  for (const { path: at2, ms: ms2, finer } of times) {
    if (at2.at(-1) === "every" && rule.every === void 0) continue;
    if (at2.at(-1) === "whileActive" && rule.whileActive === void 0) continue;
    if (ms2 % bucket === 0 || finer === true && bucket % ms2 === 0) continue;
    const what = `a multiple of the bucket of ${rule.source}, ${formatDuration(bucket)}`;
    report(at2, "value", `expected ${what}${finer === true ? ", or an even part of it" : ""}; received ${formatDuration(ms2)}`);
  }
  const needed = rangeNeeded(rule) + over;
  if (needed <= retain) return;
  const at = [...path, ...longestSpan(rule, source.kind, over)];
  const message = `expected at most what ${rule.source} retains, ${formatDuration(retain)}; this rule looks ${formatDuration(needed)} back`;
  report(at, "value", `${message}; shorten it, or raise retain`);
}
function longestSpan(rule, kind, over) {
  const { degradation, rateOfChange, burnRate, absence } = rule;
  const spans = [
    { at: ["degradation", "baseline", "rolling", "window"], ms: degradation?.baseline.rolling?.window ?? 0 },
    { at: ["degradation", "baseline", "seasonal"], ms: degradation === void 0 ? 0 : baselineReach(degradation.baseline) },
    { at: ["rateOfChange", "over"], ms: rateOfChange?.over ?? 0 },
    { at: ["burnRate"], ms: Math.max(0, ...(burnRate?.windows ?? []).map(({ long }) => long)) },
    { at: ["absence"], ms: Math.max(absence?.warn ?? 0, absence?.critical ?? 0) },
    { at: ["query", kind, "over"], ms: kind === "cloudwatch" ? 0 : over },
    { at: ["step"], ms: rule.for.n * rule.step }
  ];
  return spans.reduce((longest, one) => one.ms > longest.ms ? one : longest).at;
}
function checkFeatures(path, rule, source, report) {
  const query = rule.query.predictions;
  if (query === void 0) return;
  checkProportion(path, rule, query.metric, report);
  const ofFeatures = featureMetrics.some((metric) => metric === query.metric);
  if (ofFeatures && query.metric !== "null_rate" && source.schema === void 0) {
    const message = `${query.metric} needs the schema of the features; add \`schema\` to the source ${rule.source}`;
    report([...path, "query", "predictions", "metric"], "value", message);
    return;
  }
  if (query.features === void 0) return;
  const at = [...path, "query", "predictions", "features"];
  if (!ofFeatures) {
    report(
      at,
      "key",
      `only ${featureMetrics.join(", ")} are about features; received the metric ${query.metric}; remove this key`
    );
    return;
  }
  const declared = Object.keys(source.schema ?? {});
  if (query.metric === "null_rate" && source.features === void 0) return;
  const known = query.metric === "null_rate" ? [...source.features ?? [], ...declared] : declared;
  for (const [index, feature] of query.features.entries()) {
    if (known.includes(feature)) continue;
    const message = `expected a feature of ${rule.source}; received ${shown(feature)}`;
    report([...at, index], "value", message, nearest(feature, known));
  }
}
var noProportions = [
  "count",
  "labelled",
  "f1",
  "estimated_f1",
  "auc",
  "log_loss",
  "mae",
  "rmse",
  "bias",
  "freshness"
];
function checkProportion(path, rule, metric, report) {
  if (rule.samples.confidence === void 0 || !noProportions.includes(metric)) return;
  const message = `a confidence is for proportions, such as accuracy or recall; ${metric} is none; remove this key`;
  report([...path, "samples", "confidence"], "key", message);
}
var ms = (text2) => parseDuration(text2);
var cloudwatchRetention = [
  { below: ms("1m"), kept: ms("3h") },
  { below: ms("5m"), kept: ms("15d") },
  { below: ms("1h"), kept: ms("63d") },
  { below: Number.POSITIVE_INFINITY, kept: ms("455d") }
];
function checkCloudwatch(path, rule, source, report) {
  const seconds = rule.step / 1e3;
  if (![1, 5, 10, 30].includes(seconds) && seconds % 60 !== 0) {
    const message2 = `expected a period of CloudWatch: 1s, 5s, 10s, 30s or a multiple of 1m; received ${formatDuration(rule.step)}`;
    report([...path, "step"], "value", message2);
    return;
  }
  const kept = cloudwatchRetention.find(({ below }) => rule.step < below)?.kept ?? 0;
  const needed = rangeNeeded(rule) + source.lag;
  if (needed <= kept) return;
  const at = [...path, ...longestSpan(rule, "cloudwatch", 0)];
  const message = `CloudWatch keeps points of ${formatDuration(rule.step)} for ${formatDuration(kept)}; this rule looks ${formatDuration(needed)} back`;
  report(at, "value", `${message}; shorten it, or take a longer step`);
}

// core/config/senders.ts
var kindOf = {
  predictions: "predictions",
  labels: "predictions",
  samples: "samples",
  alerts: "alerts"
};
function checkSenders({ settings, sources }, runbooks, report) {
  for (const [name2, source] of Object.entries(sources)) {
    if (source.kind !== "alerts" || runbooks.has(source.runbook)) continue;
    const message = `expected the name of a runbook; received ${shown(source.runbook)}, which does not exist`;
    report(["sources", name2, "runbook"], "value", message, nearest(source.runbook, [...runbooks]));
  }
  const seen = /* @__PURE__ */ new Set();
  for (const [index, key] of settings.ingestKeys.entries()) {
    const path = ["settings", "ingestKeys", index];
    if (seen.has(key.name)) {
      report([...path, "name"], "value", `expected a name of its own for each key; received ${shown(key.name)} again`);
    }
    seen.add(key.name);
    const kinds3 = new Set(key.scope.map((scope) => kindOf[scope]));
    for (const [place, name2] of (key.sources ?? []).entries()) {
      const source = Object.hasOwn(sources, name2) ? sources[name2] : void 0;
      const at = [...path, "sources", place];
      if (source === void 0) {
        const message = `expected the name of a source; received ${shown(name2)}, which does not exist`;
        report(at, "value", message, nearest(name2, Object.keys(sources)));
      } else if (!kinds3.has(source.kind)) {
        const message = `expected a source of ${[...kinds3].join(" or ")}, as the scope of the key is; received ${shown(name2)}, of ${source.kind}`;
        report(at, "value", message);
      }
    }
  }
}

// core/config/references.ts
var sourceFailingRunbook = "source-failing";
function checkReferences(config, merged, runbooks) {
  const errors = [];
  const report = (path, what, message, suggestion) => {
    const text2 = pathText(path);
    const error2 = { ...merged.placeOf(path, what), path: text2, message: `${text2}: ${message}` };
    errors.push(suggestion === void 0 ? error2 : { ...error2, suggestion });
  };
  checkRules(config, runbooks, report);
  checkSenders(config, runbooks, report);
  checkPaging(config, report);
  checkSlack(config, report);
  checkMatchers(config, report);
  checkInhibitions(config, report);
  for (const [name2, { deployment }] of Object.entries(config.rollbacks)) {
    mustExist(report, ["rollbacks", name2, "deployment"], deployment, "deployment", Object.keys(config.deployments));
  }
  return errors;
}
function mustExist(report, path, name2, what, valid) {
  const names2 = [...valid];
  if (names2.includes(name2)) return true;
  const known = names2.length === 0 ? `; there is no ${what} yet` : "";
  report(
    path,
    "value",
    `expected the name of a ${what}; received ${shown(name2)}, which does not exist${known}`,
    nearest(name2, names2)
  );
  return false;
}
function checkRules(config, runbooks, report) {
  const rules = Object.entries(config.rules);
  if (rules.length > 0 && !runbooks.has(sourceFailingRunbook)) {
    const message = `expected a runbook named ${sourceFailingRunbook}, which alerts about a rule itself link to; add it to the runbooks`;
    report(["rules"], "key", message);
  }
  checkCircles(config, report);
  const sourceNames = Object.keys(config.sources);
  const rollbackNames = Object.keys(config.rollbacks);
  for (const [name2, rule] of rules) {
    const path = ["rules", name2];
    if (!runbooks.has(rule.runbook)) mustExist(report, [...path, "runbook"], rule.runbook, "runbook", runbooks);
    if (rule.rollback !== void 0) mustExist(report, [...path, "rollback"], rule.rollback, "rollback", rollbackNames);
    checkTerms(path, rule, Object.keys(config.rules), report);
    const { source: sourceName, query } = rule;
    if (sourceName === void 0 || query === void 0) continue;
    if (!mustExist(report, [...path, "source"], sourceName, "source", sourceNames)) continue;
    const source = config.sources[sourceName];
    if (source !== void 0) checkRule(path, { ...rule, source: sourceName, query }, source, report);
  }
}
function checkTerms(path, rule, ruleNames, report) {
  for (const part of ["all", "any", "none"]) {
    for (const [index, term2] of (rule.composite?.[part] ?? []).entries()) {
      if (term2.rule === void 0) continue;
      mustExist(report, [...path, "composite", part, index, "rule"], term2.rule, "rule", ruleNames);
    }
  }
}
function checkCircles({ rules }, report) {
  for (const [first, ...rest] of compositeOrder(rules).cycles) {
    if (first === void 0) continue;
    const chain = [first, ...rest, first].join(" -> ");
    report(["rules", first, "composite"], "key", `composite rules rest on one another in a circle: ${chain}; remove one of them`);
  }
}
function checkPaging(config, report) {
  const { responders, schedules, channels, policies } = config;
  for (const row of [...categories, "default"]) {
    for (const severity of severities) {
      const cell = config.matrix[row]?.[severity];
      if (cell !== void 0)
        mustExist(report, ["matrix", row, severity, "policy"], cell.policy, "policy", Object.keys(policies));
    }
  }
  const checkTarget = (path, target) => {
    if (target.responder !== void 0)
      mustExist(report, [...path, "responder"], target.responder, "responder", Object.keys(responders));
    if (target.schedule !== void 0)
      mustExist(report, [...path, "schedule"], target.schedule, "schedule", Object.keys(schedules));
    if (target.channel !== void 0) mustExist(report, [...path, "channel"], target.channel, "channel", Object.keys(channels));
  };
  for (const [name2, policy] of Object.entries(policies)) {
    for (const [tier, { targets }] of policy.tiers.entries()) {
      for (const [index, target] of targets.entries()) checkTarget(["policies", name2, "tiers", tier, "targets", index], target);
    }
    if (policy.fallback !== void 0) checkTarget(["policies", name2, "fallback"], policy.fallback);
  }
  for (const [name2, schedule] of Object.entries(schedules)) {
    const path = ["schedules", name2];
    checkLocalTime([...path, "start"], schedule.start, report);
    for (const [index, responder] of schedule.responders.entries()) {
      mustExist(report, [...path, "responders", index], responder, "responder", Object.keys(responders));
    }
    for (const [index, { from, to, responder }] of schedule.overrides.entries()) {
      const override = [...path, "overrides", index];
      mustExist(report, [...override, "responder"], responder, "responder", Object.keys(responders));
      const real = checkLocalTime([...override, "from"], from, report) && checkLocalTime([...override, "to"], to, report);
      if (real && to <= from) report([...override, "to"], "value", `expected a time after from, ${from}; received ${to}`);
    }
  }
}
function checkLocalTime(path, text2, report) {
  try {
    return localTime(text2) !== void 0;
  } catch {
    report(path, "value", `expected a date and time that exist; received ${shown(text2)}`);
    return false;
  }
}
function checkSlack(config, report) {
  if (config.settings.slack !== void 0) return;
  const message = "expected settings.slack (token and signingSecret), which a Slack contact needs; add it, or use another contact";
  for (const [name2, { contacts }] of Object.entries(config.responders)) {
    for (const [index, contact] of contacts.entries()) {
      if (contact.slack !== void 0) report(["responders", name2, "contacts", index, "slack"], "key", message);
    }
  }
  for (const [name2, contact] of Object.entries(config.channels)) {
    if (contact.slack !== void 0) report(["channels", name2, "slack"], "key", message);
  }
}
function checkMatchers(config, report) {
  const known = {
    rule: { what: "rule", names: Object.keys(config.rules) },
    category: { what: "category", names: categories },
    severity: { what: "severity", names: severities }
  };
  const check = (path, matchers2) => {
    for (const [label, { what, names: names2 }] of Object.entries(known)) {
      const wanted = Object.hasOwn(matchers2, label) ? matchers2[label] : void 0;
      if (typeof wanted === "string") mustExist(report, [...path, label], wanted, what, names2);
      else for (const [index, one] of (wanted ?? []).entries()) mustExist(report, [...path, label, index], one, what, names2);
    }
  };
  for (const [index, { source, target }] of config.inhibitions.entries()) {
    check(["inhibitions", index, "source"], source);
    check(["inhibitions", index, "target"], target);
  }
  for (const [name2, { match }] of Object.entries(config.muteTimings)) check(["muteTimings", name2, "match"], match);
}

// core/config/load.ts
function loadConfig(files, runbooks) {
  const documents = [];
  const errors = [];
  for (const file of files) {
    const read2 = readDocument(file);
    if (read2.ok) documents.push(read2.document);
    else errors.push(...read2.errors);
  }
  if (errors.length > 0) return failed(errors, files);
  const { merged, errors: clashes } = mergeDocuments(documents);
  if (clashes.length > 0) return failed(clashes, files);
  const credentials2 = findCredentials(merged);
  const parsed = configSchema.safeParse(merged.value);
  if (!parsed.success) return failed([...credentials2, ...explainIssues(parsed.error.issues, merged)], files);
  if (credentials2.length > 0) return failed(credentials2, files);
  const names2 = Array.isArray(runbooks) ? new Set(runbooks.map(({ name: name2 }) => name2)) : runbooks;
  const dangling = checkReferences(parsed.data, merged, names2);
  return dangling.length > 0 ? failed(dangling, files) : { ok: true, config: parsed.data };
}
function failed(errors, files) {
  const order = new Map(files.map(({ path }, index) => [path, index]));
  const places = /* @__PURE__ */ new Set();
  const kept = errors.filter(({ file, line, column, path }) => {
    const place = `${file}:${line}:${column}:${path}`;
    return places.has(place) ? false : places.add(place) !== void 0;
  });
  kept.sort((a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || a.line - b.line || a.column - b.column);
  return { ok: false, errors: kept };
}

// core/runbooks/runbook.ts
import { parseDocument as parseDocument2 } from "yaml";
import * as z12 from "zod";
var frontMatter = z12.strictObject({
  title: z12.string().min(1),
  summary: z12.string().min(1).optional(),
  categories: z12.array(categorySchema).min(1).optional()
});
var namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
var frontMatterPattern = /^---[ \t]*\r?\n([\s\S]*?)^---[ \t]*(?:\r?\n|$)/m;
function parseRunbook(name2, text2) {
  const fail = (error2) => ({ ok: false, error: `runbook ${shown(name2)}: ${error2}` });
  if (!namePattern.test(name2)) return fail('expected a name of letters, digits, ".", "_" and "-", up to 63 characters');
  const source = text2.replace(/^\uFEFF/, "");
  const found = source.startsWith("---") ? frontMatterPattern.exec(source) : null;
  if (found === null || found.index > 0)
    return fail("expected front matter at its beginning: a line of ---, `title: ...`, a line of ---");
  const doc = parseDocument2(found[1] ?? "", { prettyErrors: false, schema: "core" });
  const broken = doc.errors[0] ?? doc.warnings[0];
  if (broken !== void 0) return fail(`line ${lineAt(source, found, broken.pos[0])}: ${broken.message}`);
  let value;
  try {
    value = doc.toJS({ maxAliasCount: 0 });
  } catch (error2) {
    return fail(`front matter: ${error2.message}`);
  }
  const parsed = frontMatter.safeParse(value ?? {});
  if (!parsed.success) return fail(issueText(parsed.error.issues[0]));
  const markdown = source.slice(found[0].length).replace(/^(\s*\n)+/, "");
  if (markdown.trim() === "") return fail("expected steps below the front matter; received nothing");
  return { ok: true, runbook: { name: name2, ...parsed.data, markdown } };
}
function lineAt(source, found, offset) {
  const start = found[0].indexOf("\n") + 1;
  return source.slice(0, start + offset).split("\n").length;
}
function issueText(issue) {
  if (issue === void 0) return "front matter: expected a title";
  if (issue.code === "unrecognized_keys") {
    return `front matter: expected only title, summary and categories; received ${issue.keys.map(shown).join(", ")}`;
  }
  const key = issue.path.join(".") || "front matter";
  if (issue.code === "invalid_value") return `${key}: expected one of ${issue.values.join(", ")}`;
  if (issue.code === "too_small") return `${key}: expected something; received nothing`;
  if (issue.code === "invalid_type") return `${key}: expected ${kinds2[issue.expected] ?? issue.expected}`;
  return `${key}: ${issue.message}`;
}
var kinds2 = { string: "a text", array: "a list", object: "a mapping" };

// lib/config.ts
var ConfigFolderError = class extends Error {
  name = "ConfigFolderError";
};
var ownRunbooks = resolve2(import.meta.dirname, "../runbooks");
function readConfigFolder(folder, runbookFolder) {
  if (!existsSync(folder)) throw new ConfigFolderError(`there is no config folder ${folder}; name one with -c config=DIR`);
  const names2 = readdirSync(folder).filter((name2) => /\.ya?ml$/.test(name2));
  if (names2.length === 0)
    throw new ConfigFolderError(`the config folder ${folder} holds no .yaml file; config/ of Tocsin is an example`);
  const files = names2.toSorted().map((name2) => ({ path: shown2(join2(folder, name2)), text: readFileSync(join2(folder, name2), "utf8") }));
  const runbooks = readRunbooks(runbookFolder ?? besideOrOwn(folder));
  const loaded = loadConfig(files, runbooks);
  if (!loaded.ok) throw new ConfigFolderError(`the config is wrong:
${loaded.errors.map(formatConfigError).join("\n")}`);
  return { config: loaded.config, runbooks };
}
var besideOrOwn = (folder) => {
  const beside = resolve2(folder, "../runbooks");
  return existsSync(beside) ? beside : ownRunbooks;
};
function readRunbooks(folder = ownRunbooks) {
  if (!existsSync(folder)) throw new ConfigFolderError(`there is no runbook folder ${folder}`);
  const names2 = readdirSync(folder).filter((name2) => name2.endsWith(".md") && name2 !== "README.md");
  return names2.toSorted().map((name2) => {
    const path = join2(folder, name2);
    const read2 = parseRunbook(basename(name2, ".md"), readFileSync(path, "utf8"));
    if (!read2.ok) throw new ConfigFolderError(`${shown2(path)}: ${read2.error}`);
    return read2.runbook;
  });
}
var shown2 = (path) => relative(process.cwd(), path) || path;

// lib/delivery.ts
import { Duration as Duration2, RemovalPolicy as RemovalPolicy2 } from "aws-cdk-lib";
import { FilterCriteria, FilterRule, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { DynamoEventSource, SqsDlq } from "aws-cdk-lib/aws-lambda-event-sources";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct as Construct2 } from "constructs";

// core/config/table.ts
var tableKeys = {
  partition: "pk",
  sort: "sk",
  /** Time to live, in seconds since the epoch. */
  ttl: "expires",
  /** What an item is; the stream's filter looks for `effect` here. */
  type: "type",
  effectType: "effect",
  /** What is due, by time, spread over `dueShards` partitions. Keys only: what is found is then read consistently. */
  dueIndex: { name: "due", partition: "dueOf", sort: "dueAt", projection: "KEYS_ONLY" },
  /** What is listed whole, such as alerts and incidents, by time. All attributes: a list is one query a shard. */
  listIndex: { name: "list", partition: "listOf", sort: "listAt", projection: "ALL" },
  /** An index partition takes 1,000 writes a second, and one that is full holds up the table's own writes. */
  dueShards: 4,
  listShards: 4
};

// lib/acknowledge.ts
import { Validations } from "aws-cdk-lib";
function acknowledge(scope, id, reason) {
  Validations.of(scope).acknowledge({ id, reason });
}

// lib/delivery.ts
var Delivery = class extends Construct2 {
  dispatch;
  deliver;
  /** Which part of the stream could not be dispatched; the sweep finds the effects themselves. */
  undispatched;
  constructor(scope, id, props) {
    super(scope, id);
    this.undispatched = new Queue(this, "Undispatched", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration2.days(14),
      removalPolicy: RemovalPolicy2.DESTROY
    });
    acknowledge(
      this.undispatched,
      "AwsSolutions-SQS3",
      "It is the end of the line itself: the on-failure destination of the stream"
    );
    this.dispatch = this.#dispatch(props);
    this.deliver = this.#deliver(props);
  }
  #dispatch({ deployment, store, queues }) {
    const dispatch = new TocsinFunction(this, "Dispatch", {
      deployment,
      entry: "dispatch",
      description: "puts new effects into their queues",
      timeout: Duration2.seconds(15),
      memorySize: 256,
      readsConfig: false
    });
    queues.open(dispatch, ["pages", "rollbacks", "wakes"]);
    dispatch.addEventSource(
      new DynamoEventSource(store.table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 100,
        filters: [
          FilterCriteria.filter({
            eventName: FilterRule.isEqual("INSERT"),
            dynamodb: { NewImage: { [tableKeys.type]: { S: FilterRule.isEqual(tableKeys.effectType) } } }
          })
        ],
        reportBatchItemFailures: true,
        bisectBatchOnError: true,
        // One shard waits for its oldest failure; after this long the sweep does better than holding the others up.
        retryAttempts: 10,
        maxRecordAge: Duration2.minutes(10),
        onFailure: new SqsDlq(this.undispatched)
      })
    );
    acknowledge(
      dispatch.rights,
      "AwsSolutions-IAM5[Resource::*]",
      "dynamodb:ListStreams, which lists names and which Lambda asks for, knows no narrower resource"
    );
    return dispatch;
  }
  #deliver({ deployment, store, queues, topics, publicUrl: publicUrl2, slackApiUrl }) {
    const deliver = new TocsinFunction(this, "Deliver", {
      deployment,
      entry: "deliver",
      description: "pages people",
      timeout: queues.pages.timeout,
      memorySize: 512,
      secrets: deployment.needs.secrets.deliver,
      environment: {
        TOCSIN_TOPIC: topics.pages.topicArn,
        ...publicUrl2 === void 0 ? {} : { TOCSIN_PUBLIC_URL: publicUrl2 },
        ...slackApiUrl === void 0 ? {} : { TOCSIN_SLACK_API_URL: slackApiUrl }
      }
    });
    store.open(deliver);
    queues.open(deliver, ["wakes"]);
    queues.pages.feed(deliver, { batchSize: 5, maxConcurrency: 10 });
    deliver.allow(["sns:Publish"], [topics.pages.topicArn, ...deployment.needs.topics]);
    deliver.allow(["kms:Decrypt", "kms:GenerateDataKey"], [topics.key.keyArn]);
    return deliver;
  }
};

// lib/escalation.ts
import { Duration as Duration3 } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Construct as Construct3 } from "constructs";
var Escalation = class extends Construct3 {
  wake;
  sweep;
  constructor(scope, id, { deployment, store, queues }) {
    super(scope, id);
    this.wake = new TocsinFunction(this, "Wake", {
      deployment,
      entry: "wake",
      description: "looks at incidents whose time has come",
      timeout: queues.wakes.timeout,
      memorySize: 512
    });
    store.open(this.wake);
    queues.open(this.wake, ["pages", "rollbacks", "wakes"]);
    queues.wakes.feed(this.wake, { batchSize: 5, maxConcurrency: 10 });
    this.sweep = new TocsinFunction(this, "Sweep", {
      deployment,
      entry: "sweep",
      description: "finds what the stream and the timers missed",
      timeout: Duration3.seconds(55),
      memorySize: 512
    });
    this.sweep.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration3.minutes(1) });
    store.open(this.sweep);
    queues.open(this.sweep, ["pages", "rollbacks", "wakes"]);
    new Rule(this, "EveryMinute", {
      description: `Tocsin ${deployment.stage}: sweep`,
      schedule: Schedule.rate(Duration3.minutes(1)),
      targets: [new LambdaFunction(this.sweep, { retryAttempts: 0, maxEventAge: Duration3.minutes(1) })]
    });
  }
};

// lib/evaluation.ts
import { Duration as Duration4 } from "aws-cdk-lib";
import { Rule as Rule2, Schedule as Schedule2 } from "aws-cdk-lib/aws-events";
import { LambdaFunction as LambdaFunction2 } from "aws-cdk-lib/aws-events-targets";
import { Construct as Construct4 } from "constructs";
var Evaluation = class extends Construct4 {
  function;
  constructor(scope, id, { deployment, store }) {
    super(scope, id);
    this.function = new TocsinFunction(this, "Evaluate", {
      deployment,
      entry: "evaluate",
      description: "judges every rule that is due",
      timeout: Duration4.seconds(55),
      memorySize: 1024
    });
    this.function.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration4.minutes(1) });
    store.open(this.function);
    if (deployment.needs.cloudwatch) {
      this.function.allow(["cloudwatch:GetMetricData"], ["*"]);
      acknowledge(
        this.function.rights,
        "AwsSolutions-IAM5[Resource::*]",
        "cloudwatch:GetMetricData knows no narrower resource than all metrics"
      );
    }
    new Rule2(this, "EveryMinute", {
      description: `Tocsin ${deployment.stage}: evaluation tick`,
      schedule: Schedule2.rate(Duration4.minutes(1)),
      targets: [new LambdaFunction2(this.function, { retryAttempts: 0, maxEventAge: Duration4.minutes(1) })]
    });
  }
};

// lib/ingest.ts
import { Duration as Duration5 } from "aws-cdk-lib";
var Ingest = class extends FrontDoor {
  constructor(scope, id, props) {
    super(scope, id, {
      ...props,
      entry: "ingest",
      description: "takes records",
      timeout: Duration5.seconds(30),
      memorySize: 1024
    });
  }
};

// lib/rollback.ts
import { Arn, ArnFormat as ArnFormat2, Stack as Stack2 } from "aws-cdk-lib";
import { Construct as Construct5 } from "constructs";
var Rollback = class extends Construct5 {
  function;
  constructor(scope, id, { deployment, store, queues }) {
    super(scope, id);
    this.function = new TocsinFunction(this, "Rollback", {
      deployment,
      entry: "rollback",
      description: "asks what is deployed, and rolls back",
      timeout: queues.rollbacks.timeout,
      memorySize: 512,
      secrets: deployment.needs.secrets.rollback
    });
    store.open(this.function);
    queues.open(this.function, ["wakes"]);
    queues.rollbacks.feed(this.function, { batchSize: 1, maxConcurrency: 5 });
    const functions = deployment.needs.aliasFunctions.map((target) => functionArn(Stack2.of(this), target));
    if (functions.length > 0) {
      this.function.allow(["lambda:GetAlias", "lambda:ListVersionsByFunction", "lambda:UpdateAlias"], [...new Set(functions)]);
    }
  }
};
function functionArn(stack, { functionName, region }) {
  if (functionName.startsWith("arn:")) return functionName.split(":").slice(0, 7).join(":");
  const [account, name2] = functionName.includes(":function:") ? functionName.split(":function:") : [stack.account, functionName];
  return Arn.format(
    {
      service: "lambda",
      resource: "function",
      resourceName: name2.split(":")[0],
      region: region ?? stack.region,
      account,
      arnFormat: ArnFormat2.COLON_RESOURCE_NAME
    },
    stack
  );
}

// lib/self-monitoring.ts
import { Duration as Duration6 } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, Stats, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { Construct as Construct6 } from "constructs";
var minute = Duration6.minutes(1);
var SelfMonitoring = class extends Construct6 {
  #props;
  constructor(scope, id, props) {
    super(scope, id);
    this.#props = props;
    const { functions, queues, undispatched } = props;
    this.#stopped("EvaluateStopped", functions.Evaluate, "no rule is being judged");
    this.#stopped("SweepStopped", functions.Sweep, "missed effects and deadlines stay missed");
    for (const [name2, one] of Object.entries(functions)) {
      const errors = one.metricErrors({ period: minute, statistic: Stats.SUM });
      this.#above(`${name2}Errors`, errors, { threshold: 0, of: 5, atLeast: 2 }, `${name2} fails; its log says why`);
    }
    const lines = { Pages: queues.pages, Rollbacks: queues.rollbacks, Wakes: queues.wakes };
    for (const [name2, { deadLetters }] of Object.entries(lines)) {
      this.#above(
        `${name2}DeadLetters`,
        depth(deadLetters),
        { threshold: 0 },
        `messages of ${name2.toLowerCase()} failed for good; docs/deploy.md says what to do`
      );
    }
    this.#above(
      "Undispatched",
      depth(undispatched),
      { threshold: 0 },
      "part of the stream was not dispatched; the sweep queues its effects, late"
    );
    for (const [name2, { queue }] of [
      ["Pages", queues.pages],
      ["Rollbacks", queues.rollbacks]
    ]) {
      const age = queue.metricApproximateAgeOfOldestMessage({ period: minute, statistic: Stats.MAXIMUM });
      this.#above(`${name2}Late`, age, { threshold: 150 }, `${name2.toLowerCase()} wait longer than 150 s to be carried out`);
    }
    const behind = functions.Dispatch.metric("IteratorAge", { period: minute, statistic: Stats.MAXIMUM });
    this.#above("StreamBehind", behind, { threshold: 6e4 }, "effects wait longer than 60 s to be dispatched");
  }
  /** Rings when it was not even started for five minutes; no data means just that. Failing is another alarm. */
  #stopped(id, one, meaning) {
    this.#ring(
      new Alarm(this, id, {
        metric: one.metricInvocations({ period: minute, statistic: Stats.SUM }),
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        threshold: 1,
        evaluationPeriods: 5,
        treatMissingData: TreatMissingData.BREACHING,
        alarmDescription: this.#described(meaning)
      })
    );
  }
  #above(id, metric, { threshold, of = 1, atLeast = of }, meaning) {
    this.#ring(
      new Alarm(this, id, {
        metric,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        threshold,
        evaluationPeriods: of,
        datapointsToAlarm: atLeast,
        treatMissingData: TreatMissingData.NOT_BREACHING,
        alarmDescription: this.#described(meaning)
      })
    );
  }
  #described(meaning) {
    return `Tocsin ${this.#props.stage}: ${meaning}`;
  }
  #ring(alarm) {
    const action = new SnsAction(this.#props.topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
};
var depth = (queue) => queue.metricApproximateNumberOfMessagesVisible({ period: minute, statistic: Stats.MAXIMUM });

// lib/store.ts
import { RemovalPolicy as RemovalPolicy3 } from "aws-cdk-lib";
import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table, TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import { Construct as Construct7 } from "constructs";
var text = (name2) => ({ name: name2, type: AttributeType.STRING });
var reading = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"];
var writing = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"];
var Store = class extends Construct7 {
  table;
  constructor(scope, id, { deployment }) {
    super(scope, id);
    this.table = new Table(this, "Table", {
      partitionKey: text(tableKeys.partition),
      sortKey: text(tableKeys.sort),
      timeToLiveAttribute: tableKeys.ttl,
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      stream: StreamViewType.NEW_IMAGE,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: deployment.keep,
      removalPolicy: deployment.keep ? RemovalPolicy3.RETAIN : RemovalPolicy3.DESTROY
    });
    for (const index of [tableKeys.dueIndex, tableKeys.listIndex]) {
      this.table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: text(index.partition),
        sortKey: { name: index.sort, type: AttributeType.NUMBER },
        projectionType: ProjectionType[index.projection]
      });
    }
  }
  /** Lets a function read and commit, and tells it where the table is. Nobody may scan it or change the table itself. */
  open(user) {
    const { tableArn } = this.table;
    const indexes = [tableKeys.dueIndex, tableKeys.listIndex].map(({ name: name2 }) => `${tableArn}/index/${name2}`);
    user.addEnvironment("TOCSIN_TABLE", this.table.tableName);
    user.allow([...reading, ...writing], [tableArn]);
    user.allow(["dynamodb:Query"], indexes);
  }
};

// lib/topics.ts
import { RemovalPolicy as RemovalPolicy4, Stack as Stack3 } from "aws-cdk-lib";
import { PolicyStatement as PolicyStatement2, ServicePrincipal as ServicePrincipal2 } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Construct as Construct8 } from "constructs";
var Topics = class extends Construct8 {
  key;
  pages;
  faults;
  constructor(scope, id, props) {
    super(scope, id);
    this.key = new Key(this, "Key", {
      description: `Topics of Tocsin, stage ${props.stage}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy4.DESTROY
    });
    this.key.addToResourcePolicy(
      new PolicyStatement2({
        principals: [new ServicePrincipal2("cloudwatch.amazonaws.com")],
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        // In the policy of a key, `*` is that key.
        resources: ["*"],
        conditions: { StringEquals: { "aws:SourceAccount": Stack3.of(this).account } }
      })
    );
    this.pages = new Topic(this, "Pages", { displayName: `Tocsin ${props.stage}`, masterKey: this.key, enforceSSL: true });
    this.faults = new Topic(this, "Faults", {
      displayName: `Tocsin ${props.stage} itself`,
      masterKey: this.key,
      enforceSSL: true
    });
  }
};

// lib/web.ts
import { Duration as Duration7 } from "aws-cdk-lib";
var Web = class extends FrontDoor {
  constructor(scope, id, props) {
    super(scope, id, {
      ...props,
      entry: "web",
      description: "shows runbooks and incidents",
      timeout: Duration7.seconds(15),
      memorySize: 512
    });
  }
};

// lib/work-queues.ts
import { Duration as Duration8, RemovalPolicy as RemovalPolicy5 } from "aws-cdk-lib";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Queue as Queue2, QueueEncryption as QueueEncryption2 } from "aws-cdk-lib/aws-sqs";
import { Construct as Construct9 } from "constructs";
var maxReceiveCount = 5;
var common = { encryption: QueueEncryption2.SQS_MANAGED, enforceSSL: true, removalPolicy: RemovalPolicy5.DESTROY };
var WorkQueue = class extends Construct9 {
  queue;
  deadLetters;
  #timeout;
  /** `timeout` is that of the function which consumes it. */
  constructor(scope, id, props) {
    super(scope, id);
    this.#timeout = props.timeout;
    this.deadLetters = new Queue2(this, "DeadLetters", { ...common, retentionPeriod: Duration8.days(14) });
    this.queue = new Queue2(this, "Queue", {
      ...common,
      retentionPeriod: Duration8.days(4),
      // Lambda asks for six times the timeout, since a throttled function holds messages it has not begun with.
      visibilityTimeout: Duration8.seconds(props.timeout.toSeconds() * 6),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount }
    });
  }
  /** Settings for the consuming function, so that its timeout and the visibility of its messages stay in step. */
  get timeout() {
    return this.#timeout;
  }
  feed(consumer, options) {
    consumer.addEventSource(new SqsEventSource(this.queue, { ...options, reportBatchItemFailures: true }));
  }
};
var WorkQueues = class extends Construct9 {
  pages = new WorkQueue(this, "Pages", { timeout: Duration8.seconds(20) });
  rollbacks = new WorkQueue(this, "Rollbacks", { timeout: Duration8.seconds(30) });
  wakes = new WorkQueue(this, "Wakes", { timeout: Duration8.seconds(20) });
  /** Lets a function send to the queues named, and tells it where they are. */
  open(sender, names2) {
    for (const name2 of names2) {
      sender.addEnvironment(`TOCSIN_${name2.toUpperCase()}_QUEUE`, this[name2].queue.queueUrl);
      sender.allow(["sqs:SendMessage"], [this[name2].queue.queueArn]);
    }
  }
};

// lib/tocsin.ts
var Tocsin = class extends Construct10 {
  store;
  topics;
  /** Function URLs, with the slash at their end. */
  urls;
  /** Entries of Secrets Manager that must hold a value before everything in the config works. */
  secrets;
  constructor(scope, id, props) {
    super(scope, id);
    const stage = stageOf(props.stage ?? "prod");
    const deploys = { ...configOf(props), stage };
    for (const { id: warning, text: text2 } of awsWarnings(deploys.config)) Annotations.of(this).addWarningV2(warning, text2);
    const parts = deploying(deploys, (deployment) => partsOf(this, deployment, props));
    this.store = parts.store;
    this.topics = parts.topics;
    this.urls = parts.urls;
    this.secrets = parts.secrets;
  }
};
function partsOf(scope, deployment, { publicConcurrency, slackApiUrl }) {
  const { stage, config, needs, secretsPrefix } = deployment;
  const store = new Store(scope, "Store", { deployment });
  const topics = new Topics(scope, "Topics", { stage });
  const queues = new WorkQueues(scope, "Queues");
  const front = { deployment, store, concurrency: publicConcurrency };
  const ingest = new Ingest(scope, "Ingest", front);
  const chatops = new Chatops(scope, "Chatops", front);
  const web = new Web(scope, "Web", front);
  const base = { deployment, store, queues };
  const evaluation = new Evaluation(scope, "Evaluation", base);
  const escalation = new Escalation(scope, "Escalation", base);
  const rollback = new Rollback(scope, "Rollback", base);
  const delivery = new Delivery(scope, "Delivery", { ...base, topics, slackApiUrl, publicUrl: publicUrl(config, web.url.url) });
  new SelfMonitoring(scope, "SelfMonitoring", {
    stage,
    topic: topics.faults,
    functions: {
      Evaluate: evaluation.function,
      Sweep: escalation.sweep,
      Wake: escalation.wake,
      Dispatch: delivery.dispatch,
      Deliver: delivery.deliver,
      Rollback: rollback.function,
      Ingest: ingest.function,
      Slack: chatops.function,
      Web: web.function
    },
    queues,
    undispatched: delivery.undispatched
  });
  const secrets = secretNames(needs).map((name2) => `${secretsPrefix}${name2}`);
  return { store, topics, secrets, urls: { ingest: ingest.url.url, slack: chatops.url.url, web: web.url.url } };
}
function configOf({ config, runbooks }) {
  return typeof config === "string" ? readConfigFolder(config, runbooks) : { config, runbooks: readRunbooks(runbooks) };
}
var publicUrl = ({ settings }, own) => isLoopback(settings.publicUrl) ? own : void 0;
function stageOf(stage) {
  if (!Token.isUnresolved(stage) && /^[a-z][a-z0-9-]{0,19}$/.test(stage)) return stage;
  throw new Error(
    `expected a stage of up to 20 lower-case letters, digits and "-", beginning with a letter; received ${JSON.stringify(stage)}`
  );
}
export {
  Tocsin
};
