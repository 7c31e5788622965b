import * as z from 'zod';

export const slackInteractionSchema = z
  .object({ payload: z.string().describe('JSON of a `block_actions` interaction with one button of Tocsin.') })
  .meta({ id: 'SlackInteraction' });

export const slackCommandSchema = z
  .looseObject({ command: z.string().optional(), text: z.string().describe('Such as `silence model=churn 2h deploying`.') })
  .meta({ id: 'SlackCommand', description: 'A slash command as Slack posts it; further fields of Slack are ignored.' });

export const slackAnswerSchema = z
  .object({
    response_type: z.literal('ephemeral').describe('Only who asked sees it.'),
    text: z.string(),
    blocks: z.array(z.record(z.string(), z.unknown())).optional().describe('A question with buttons, where one is asked.'),
  })
  .meta({ id: 'SlackAnswer' });
