import type { DeploymentsDto, RollbackSeenDto } from '../../../http/api/dto/deployment.ts';

/** More would be no sentence. */
const mostNamed = 3;

/** What a person has to know of deployments, the most urgent first. */
export function deploymentsSentence({ deployments, rollbacks, versions }: Omit<DeploymentsDto, 'at'>): string {
  const moving = deployments.find(({ inFlight }) => inFlight !== undefined);
  if (moving?.inFlight !== undefined) {
    const { from, to } = moving.inFlight;
    const state = rollbacks.find(
      ({ deployment, incident }) => deployment === moving.name && incident === moving.inFlight?.incident,
    )?.state;
    return state === 'verifying'
      ? `${moving.name} was rolled back from ${from} to ${to}; whether that helped is being watched.`
      : `${moving.name} is being rolled back from ${from} to ${to}.`;
  }
  const bad = deployments.find(({ serves, knownBad }) => knownBad.some(({ version }) => version === serves?.version));
  if (bad !== undefined) return `${bad.name} serves ${bad.serves?.version}, which is known to be bad.`;
  const silent = deployments.filter(({ unanswered }) => unanswered);
  if (silent.length > 0) return `${namesOf(silent)} ${silent.length === 1 ? 'does' : 'do'} not say which version serves.`;
  const [last] = rollbacks;
  if (last !== undefined) return rollbackText(last);
  if (deployments.length + versions.length === 0) return 'No deployment is known yet.';
  const count = deployments.length;
  if (count === 0) return 'Models serve, and the config has no deployment to roll back.';
  const served = deployments.flatMap(({ name, serves }) => (serves === undefined ? [] : [`${name} serves ${serves.version}`]));
  if (served.length === count && count <= mostNamed) return `${served.join(', ')}; nothing was rolled back lately.`;
  return `${count} ${count === 1 ? 'deployment' : 'deployments'}; nothing was rolled back lately.`;
}

const namesOf = (all: readonly { name: string }[]): string => all.map(({ name }) => name).join(', ');

/** `served was rolled back from v2 to v1, and that is proven.` */
export function rollbackText({ deployment, state, from, to, reason, unproven }: RollbackSeenDto): string {
  const way = `${from === undefined ? '' : ` from ${from}`}${to === undefined ? '' : ` to ${to}`}`;
  switch (state) {
    case 'inspecting':
      return `${deployment} is asked what it serves, to roll it back.`;
    case 'offered':
      return `A rollback of ${deployment}${way} is offered: ${reason}.`;
    case 'refused':
      return `A rollback of ${deployment} was refused: ${reason}.`;
    case 'running':
    case 'confirming':
      return `${deployment} is being rolled back${way}.`;
    case 'verifying':
      return `${deployment} was rolled back${way}; ${unproven ?? 'whether that helped is being watched'}.`;
    case 'succeeded':
      return `${deployment} was rolled back${way}, and that is proven.`;
    case 'failed':
      return `The rollback of ${deployment}${way} failed: ${reason}.`;
    default:
      return state satisfies never;
  }
}
