import * as z from 'zod';
import { targetText } from '../../../core/response/escalation/page-target.ts';
import { nameOfTarget } from '../../../core/response/escalation/person-name.ts';
import { type NextStep, nextStepKinds } from '../../../core/response/incidents/next-step.ts';
import { nextStepText } from '../../../core/selfcheck/now/upcoming.ts';
import { timeOf, timeSchema } from './time.ts';

export const nextStepSchema = z
  .object({
    kind: z.enum(nextStepKinds),
    at: timeSchema,
    targets: z.array(z.string()).describe('Who is paged then, such as `responder/ana` or `schedule/ml (ana)`.'),
    names: z.array(z.string()).describe('The same as people say it: `ana`, `#ml-alerts`.'),
    withheld: z.string().optional().describe('Why nobody is paged then, although the step would.'),
    text: z.string().describe('What happens, such as `ben is paged`.'),
  })
  .meta({ id: 'NextStep', description: 'What happens next if nobody does anything.' });

export type NextStepDto = z.infer<typeof nextStepSchema>;

export const nextStepDto = (step: NextStep): NextStepDto => ({
  ...{ kind: step.kind, at: timeOf(step.at), targets: step.targets.map(targetText) },
  ...{ names: step.targets.map(nameOfTarget), withheld: step.withheld, text: nextStepText(step) },
});
