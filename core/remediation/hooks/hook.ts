import type * as z from 'zod';
import type { AwsFault, AwsPermission } from '../../vocabulary/aws-permission.ts';
import { ofKind } from '../../vocabulary/kinds.ts';
import type { HookKindOf } from './hook-kind.ts';
import { type LambdaAliasHook, lambdaAliasHook } from './kinds/lambda-alias.ts';
import { type WebhookHook, webhookHook } from './kinds/webhook.ts';

/** How a deployment is asked what it serves, and told to return to another version. `hookSchema` makes it of what the config says. */
export type Hook = LambdaAliasHook | WebhookHook;
export type HookKind = Hook['kind'];
export type HookOf<K extends HookKind> = Extract<Hook, { kind: K }>;

/** Every kind of rollback hook. A new one is a file of kinds/, a member of `Hook`, and a line here and in adapters/hooks.ts. */
export const hookKinds = {
  lambdaAlias: lambdaAliasHook,
  webhook: webhookHook,
} satisfies { [K in HookKind]: HookKindOf<HookOf<K>, z.ZodType> };

/** A config that was deployed by another Tocsin may hold a kind that this one does not know. */
const kindOf = ({ kind }: Hook): Omit<HookKindOf<Hook>, 'input' | 'fromInput'> | undefined => ofKind(hookKinds, kind);

export const hookSecrets = (hook: Hook): string[] => kindOf(hook)?.secrets(hook) ?? [];

export const hookPermissions = (hook: Hook): AwsPermission[] => kindOf(hook)?.permissions(hook) ?? [];

/** Why a hook does not work on AWS as it does on one machine. */
export const hookAwsFault = (hook: Hook): AwsFault | undefined => kindOf(hook)?.awsFault(hook);
