import * as z from 'zod';

/** Only what is of one team, in lists. */
export const teamQuery = z.string().optional().meta({
  description:
    'Only what this team owns, what nobody owns, and incidents that page its members: a name of `teams` in the config, or an owner of rules. What is left out is counted in `ofOthers`.',
});

export const noSuchTeam =
  'expected team as a name of `teams` or an owner in the config; received "ml-paltform"; did you mean ml-platform?';
