import * as z from 'zod';
import { recordTimeSchema } from './record-time.ts';

const version = z.literal(1);

export const hookQuestionSchema = z
  .discriminatedUnion('action', [
    z.object({ version, action: z.literal('describe'), deployment: z.string() }).meta({ id: 'DescribeQuestion' }),
    z
      .object({
        version,
        action: z.literal('rollback'),
        deployment: z.string(),
        from: z.string().describe('The version to leave; all traffic goes to `to`.'),
        to: z.string(),
        revision: z.string().optional().describe('As it was in the answer to `describe`.'),
        requestId: z.string().describe('As `Tocsin-Key` is. The same again does nothing.'),
      })
      .meta({ id: 'RollbackQuestion' }),
  ])
  .meta({ id: 'HookQuestion' });

const described = z
  .looseObject({
    current: z.string(),
    split: z.array(z.object({ version: z.string(), weight: z.number().min(0).max(1) })).optional(),
    revision: z.string().optional(),
    candidates: z
      .array(
        z.looseObject({
          version: z.string(),
          deployedAt: recordTimeSchema.optional(),
          servedMs: z.number().min(0).optional().describe('For how long it has served.'),
          compatible: z.boolean().optional(),
          why: z.string().max(500).optional(),
        }),
      )
      .max(1000)
      .describe('Earlier versions, newest first.'),
  })
  .meta({ id: 'DeploymentDescribed' });

const rolledBack = z
  .looseObject({ providerId: z.string().min(1).max(500), already: z.boolean().optional() })
  .meta({ id: 'RolledBack' });

export const hookAnswerSchema = z.union([described, rolledBack]).meta({ id: 'HookAnswer' });
