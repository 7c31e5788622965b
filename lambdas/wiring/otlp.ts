import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { OtlpTable } from '../../app/ports/telemetry.ts';
import { otlpTable } from '../../stores/dynamodb/otlp.ts';
import { variable } from './deployed.ts';

/** Where this deployment keeps OTLP metrics: the table of everything else. */
export const deployedOtlpTable = (): OtlpTable =>
  otlpTable({ client: new DynamoDBClient({ maxAttempts: 5 }), table: variable('TOCSIN_TABLE') });
