/**
 * Serves the console, runbooks, and incidents to those with the web password, behind the Function
 * URL that pages link to.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { readConsole } from '../adapters/console-files.ts';
import { identityProviderOf } from '../adapters/identity-provider.ts';
import { judgeFunction } from '../adapters/judge-function/index.ts';
import { inProcess } from '../adapters/resvg/in-process.ts';
import { webPushOf } from '../adapters/web-push.ts';
import { judgeOnDemand } from '../app/evaluate/judge-on-demand.ts';
import { httpApp } from '../http/app.ts';
import { peoplePart } from '../http/parts/people.ts';
import about from '../package.json' with { type: 'json' };
import { deployed, variable } from './wiring/deployed.ts';
import { answer } from './wiring/function-url.ts';
import { handlerOf } from './wiring/handler.ts';
import { once, wire } from './wiring/ports.ts';
import { wireSecrets } from './wiring/secrets.ts';

const beside = (name: string): string => join(import.meta.dirname, name);

const app = once(() => {
  const secrets = wireSecrets();
  const judge = judgeFunction({ functionName: variable('TOCSIN_JUDGE_FUNCTION') });
  const runbooks = new Map(deployed().runbooks.map((runbook) => [runbook.name, runbook]));
  return httpApp({
    ports: wire({ secrets }),
    now: Date.now,
    runbooks,
    access: 'public',
    console: readConsole(beside('console')),
    version: about.version,
    identityProvider: identityProviderOf(deployed().config, secrets),
    openApi: () => readFile(beside('openapi.json'), 'utf8'),
    rasteriser: inProcess({ wasm: beside('resvg.wasm'), fonts: ['Inter-Regular.ttf', 'Inter-SemiBold.ttf'].map(beside) }),
    webPush: webPushOf({ config: deployed().config, secrets }),
    parts: { people: peoplePart((ports, rule, now) => judgeOnDemand(ports, judge, rule, now)) },
  });
});

export const handler = handlerOf(
  { verb: 'web', trigger: 'http' },
  (event: APIGatewayProxyEventV2) => answer(app(), event),
  (result) => ({ status: result.statusCode }),
);
