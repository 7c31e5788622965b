import { DeliveryError } from '../../app/ports/delivery-error.ts';
import { awsFailure } from '../aws-failure.ts';

const whatToDo: Record<string, string> = {
  PreconditionFailedException: 'the alias was changed after the rollback was decided; look who deployed, then ask again',
  ResourceNotFoundException: 'the function, alias or version does not exist; check the names in the config',
  InvalidParameterValueException: 'Lambda does not take these names or versions; check the config',
  AccessDeniedException: 'allow lambda:GetAlias, lambda:ListVersionsByFunction and lambda:UpdateAlias on the function',
  CredentialsProviderError: 'there are no AWS credentials here; give Tocsin some',
};

/** A conflict means that another update of the function is in progress. */
const passing = ['ResourceConflictException'];

/** Maps a failed Lambda call to a DeliveryError. */
export const deliveryError = (cause: unknown, what: string): DeliveryError =>
  cause instanceof DeliveryError ? cause : awsFailure(cause, what, { whatToDo, passing });
