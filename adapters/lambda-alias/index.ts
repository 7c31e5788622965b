/**
 * Rolls a model that is served by an AWS Lambda function back, by pointing its alias at an earlier
 * version.
 *
 * - `describe` reads the alias and all published versions, newest first. `$LATEST` and the current
 *   version are no
 * candidates. Lambda does not know how long a version served behind the alias, only when it was
 * published, so
 * `servedMs` is left out and `deployedAt` is its time of publication. Where the alias sends part of
 * the traffic to a second
 * version, `split` says so, and the older one is the current: the newer one is what is being tried.
 * - `rollback` moves the whole alias: weights that a canary left behind are cleared. It hands the
 *   alias's RevisionId
 * back, so Lambda refuses when anyone changed the alias after the rollback was decided. An alias
 * that already points
 * to the wanted version alone is left as it is (`already`), so doing it twice does nothing the
 * second time.
 * - Rights: lambda:GetAlias, lambda:ListVersionsByFunction and lambda:UpdateAlias on the function.
 */
import {
  type AliasConfiguration,
  type FunctionConfiguration,
  GetAliasCommand,
  LambdaClient,
  paginateListVersionsByFunction,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import { DeliveryError } from '../../app/ports/delivery-error.ts';
import type { Outside } from '../../app/ports/outside.ts';
import type { DeploymentOf, RollbackHook } from '../../app/ports/rollback-hook.ts';
import type { Share } from '../../core/remediation/deployments/deployment.ts';
import { deliveryError } from './errors.ts';

/** One client, or one per region in the config. */
export type LambdaClients = LambdaClient | ((region?: string) => LambdaClient);

export const openHook = ({ awsAttempts }: Outside): RollbackHook<'lambdaAlias'> =>
  lambdaAliasHook({
    client: (region) =>
      new LambdaClient({
        ...(awsAttempts === undefined ? {} : { maxAttempts: awsAttempts }),
        ...(region === undefined ? {} : { region }),
      }),
  });

export function lambdaAliasHook(options: { client: LambdaClients }): RollbackHook<'lambdaAlias'> {
  function target({ hook: { functionName, alias, region } }: DeploymentOf<'lambdaAlias'>) {
    const client = typeof options.client === 'function' ? options.client(region) : options.client;
    return {
      client,
      ids: { FunctionName: functionName, Name: alias },
      what: `alias ${alias} of Lambda function ${functionName}`,
    };
  }

  return {
    async describe(_name, deployment) {
      const { client, ids, what } = target(deployment);
      try {
        const alias = await client.send(new GetAliasCommand(ids));
        const versions: FunctionConfiguration[] = [];
        for await (const page of paginateListVersionsByFunction({ client, pageSize: 50 }, { FunctionName: ids.FunctionName })) {
          versions.push(...(page.Versions ?? []));
        }
        const shares = sharesOf(alias, what);
        const current = shares.toSorted((a, b) => Number(a.version) - Number(b.version))[0]?.version ?? pointsTo(alias, what);
        const split = shares.length > 1 ? { split: shares } : {};
        return { current, ...split, revision: alias.RevisionId, candidates: candidates(versions, current) };
      } catch (cause) {
        throw deliveryError(cause, what);
      }
    },

    async rollback(_name, deployment, request) {
      const { client, ids, what } = target(deployment);
      try {
        const alias = await client.send(new GetAliasCommand(ids));
        const current = pointsTo(alias, what);
        const others = sharesOf(alias, what).filter(({ version }) => version !== request.to);
        if (others.length === 0) return { providerId: providerId(alias), already: true };
        // Every version that serves must be part of the decision: never remove one deployed since.
        const isDecided =
          current === request.from || (current === request.to && others.every(({ version }) => version === request.from));
        if (!isDecided) {
          const where = others.some(({ version }) => version === request.from) ? '' : ` and no longer to ${request.from}`;
          const beside = others.filter(({ version }) => version !== current).map(({ version }) => version);
          const also = beside.length === 0 ? '' : ` (with ${beside.join(', ')} beside it)`;
          const why = `it points to version ${current}${also}${where}; look who deployed before rolling back`;
          throw new DeliveryError(`${what}: ${why}`, { retryable: false });
        }
        const updated = await client.send(
          new UpdateAliasCommand({
            ...ids,
            FunctionVersion: request.to,
            RoutingConfig: { AdditionalVersionWeights: {} },
            RevisionId: request.revision ?? alias.RevisionId,
          }),
        );
        return { providerId: providerId(updated), already: false };
      } catch (cause) {
        throw deliveryError(cause, what);
      }
    },
  };
}

function pointsTo(alias: AliasConfiguration, what: string): string {
  if (alias.FunctionVersion !== undefined) return alias.FunctionVersion;
  throw new DeliveryError(`${what}: Lambda does not say which version it points to`, { retryable: true });
}

/** Traffic shares; a version with weight 0 gets none. */
function sharesOf(alias: AliasConfiguration, what: string): Share[] {
  const current = pointsTo(alias, what);
  const beside = Object.entries(alias.RoutingConfig?.AdditionalVersionWeights ?? {}).filter(([version]) => version !== current);
  const taken = beside.reduce((sum, [, weight]) => sum + weight, 0);
  return [
    { version: current, weight: Math.max(0, 1 - taken) },
    ...beside.map(([version, weight]) => ({ version, weight })),
  ].filter(({ weight }) => weight > 0);
}

const providerId = (alias: AliasConfiguration): string => `${alias.AliasArn ?? alias.Name ?? 'alias'}#${alias.RevisionId ?? ''}`;

function candidates(versions: FunctionConfiguration[], current: string) {
  return (
    versions
      .flatMap(({ Version, LastModified }) =>
        Version === undefined || !/^\d+$/.test(Version) ? [] : [{ version: Version, at: LastModified }],
      )
      // Back, never forward: a newer version may be a canary, or one somebody just rolled back by
      // hand.
      .filter(({ version }) => Number(version) < Number(current))
      .toSorted((a, b) => Number(b.version) - Number(a.version))
      .map(({ version, at }) => ({ version, deployedAt: parseTime(at) }))
  );
}

/**
 * Lambda writes 2026-01-05T09:00:00.000+0000, without the colon that ISO 8601 requires in the
 * offset.
 */
function parseTime(text: string | undefined): number | undefined {
  const at = Date.parse((text ?? '').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(at) ? undefined : at;
}
