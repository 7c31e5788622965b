import type { DeliveryError } from '../../app/ports/delivery-error.ts';
import { awsFailure } from '../aws-failure.ts';

const whatToDo: Record<string, string> = {
  NotFoundException: 'the topic does not exist; check its ARN, account and region in the config',
  AuthorizationErrorException: 'allow the role that Tocsin runs as to call sns:Publish on the topic',
  InvalidParameterException: 'check the ARN and that the topic is in the region Tocsin runs in',
  InvalidSecurityException: 'the topic takes signed HTTPS requests only',
  KMSAccessDeniedException: "allow kms:GenerateDataKey and kms:Decrypt on the topic's key",
  KMSDisabledException: "enable the topic's key",
  KMSNotFoundException: "the topic's key does not exist; give the topic another one",
  EndpointDisabledException: 'enable the endpoint',
  CredentialsProviderError: 'there are no AWS credentials here; give Tocsin some, or use another contact',
};

/** Maps a failed SNS call to a DeliveryError. */
export const deliveryError = (cause: unknown, topic: string): DeliveryError => awsFailure(cause, `SNS ${topic}`, { whatToDo });
