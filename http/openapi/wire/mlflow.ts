import * as z from 'zod';

export const mlflowEventSchema = z
  .looseObject({
    entity: z.string().describe('`model_version_alias`, `model_version`, `registered_model`; of others nothing is kept.'),
    action: z.string(),
    timestamp: z.string(),
    data: z.looseObject({}),
  })
  .meta({ id: 'MlflowEvent', description: 'A webhook of MLflow 3, signed.' });

export const mlflowTakenSchema = z
  .object({ taken: z.boolean().describe('Whether it is news that is kept.'), message: z.string() })
  .meta({ id: 'MlflowTaken' });
