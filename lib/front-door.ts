import type { Duration } from 'aws-cdk-lib';
import { type FunctionUrl, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { grant, type Parts } from './grant.ts';
import type { Store } from './store.ts';
import { TocsinFunction } from './tocsin-function.ts';

export type FrontDoorProps = {
  deployment: Deployment;
  store: Store;
  entry: 'ingest' | 'slack' | 'web';
  timeout: Duration;
  memorySize: number;
  /** Files that it reads beside its bundle, by their name there. */
  beside?: Readonly<Record<string, string>>;
  /** It serves the console. */
  console?: boolean;
  /**
   * The most concurrent runs, so that a flood from outside leaves capacity for the rest of the
   * account.
   */
  concurrency?: number;
  /** Functions that it invokes. */
  functions?: Parts['functions'];
};

/**
 * A function that answers HTTP. Its Function URL has no IAM check, because Slack and browsers
 * cannot sign for it. http/ checks each request itself (bearer key, Slack signature, password), and
 * refuses everything if the config names no secret.
 */
export class FrontDoor extends Construct {
  readonly function: TocsinFunction;
  readonly url: FunctionUrl;

  constructor(scope: Construct, id: string, { store, functions, ...props }: FrontDoorProps) {
    super(scope, id);
    this.function = new TocsinFunction(this, 'Function', props);
    grant(this.function, { deployment: props.deployment, store, functions });
    this.url = this.function.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  }
}
