import type { OtlpTable } from '../../app/ports/telemetry.ts';
import { otlpTable } from '../../stores/dynamodb/otlp.ts';
import { variable } from './deployed.ts';
import { dynamodb } from './dynamodb.ts';

/** Where this deployment keeps OTLP metrics: the table of everything else. */
export const deployedOtlpTable = (): OtlpTable => otlpTable({ client: dynamodb(), table: variable('TOCSIN_TABLE') });
