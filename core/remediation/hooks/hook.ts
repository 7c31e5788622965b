import type * as z from 'zod';
import type { AwsFault, AwsPermission } from '../../vocabulary/aws-permission.ts';
import { ofKind } from '../../vocabulary/kinds.ts';
import type { HookKindOf } from './hook-kind.ts';
import { type LambdaAliasHook, lambdaAliasHook } from './kinds/lambda-alias.ts';
import { type WebhookHook, webhookHook } from './kinds/webhook.ts';

/**
 * How to ask a deployment what serves, and to return it to another version. `hookSchema` reads it
 * from the config.
 */
export type Hook = LambdaAliasHook | WebhookHook;
export type HookKind = Hook['kind'];
export type HookOf<K extends HookKind> = Extract<Hook, { kind: K }>;

/**
 * Every kind of rollback hook. A new kind needs a file in kinds/, a member of `Hook`, and a line
 * here and in adapters/hooks.ts.
 */
export const hookKinds = {
  lambdaAlias: lambdaAliasHook,
  webhook: webhookHook,
} satisfies { [K in HookKind]: HookKindOf<HookOf<K>, z.ZodType> };

/** A config deployed by another Tocsin may hold a kind unknown here. */
const kindOf = ({ kind }: Hook): Omit<HookKindOf<Hook>, 'input' | 'fromInput'> | undefined => ofKind(hookKinds, kind);

export const hookSecrets = (hook: Hook): string[] => kindOf(hook)?.secrets(hook) ?? [];

export const hookPermissions = (hook: Hook): AwsPermission[] => kindOf(hook)?.permissions(hook) ?? [];

/** Why a hook that works on one machine does not work on AWS. */
export const hookAwsFault = (hook: Hook): AwsFault | undefined => kindOf(hook)?.awsFault(hook);
