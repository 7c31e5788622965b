import { ofKind } from '../../vocabulary/kinds.ts';
import type { AlertIntake } from './alert-intake.ts';
import { airflowIntake } from './kinds/airflow.ts';
import { alertmanagerIntake } from './kinds/alertmanager.ts';
import { datadogIntake } from './kinds/datadog.ts';
import { dbtIntake } from './kinds/dbt.ts';
import { evidentlyIntake } from './kinds/evidently.ts';
import { feastIntake } from './kinds/feast.ts';
import { grafanaIntake } from './kinds/grafana.ts';
import { greatExpectationsIntake } from './kinds/great-expectations.ts';
import { kfpIntake } from './kinds/kfp.ts';
import { openlineageIntake } from './kinds/openlineage.ts';

/**
 * Every format by its name, at `/v1/alerts/NAME`. A new one needs a file in kinds/ and a line here.
 */
const alertIntakes = {
  alertmanager: alertmanagerIntake,
  datadog: datadogIntake,
  grafana: grafanaIntake,
  gx: greatExpectationsIntake,
  dbt: dbtIntake,
  openlineage: openlineageIntake,
  evidently: evidentlyIntake,
  feast: feastIntake,
  airflow: airflowIntake,
  kfp: kfpIntake,
} satisfies Record<string, AlertIntake>;

export const intakeNames: readonly string[] = Object.keys(alertIntakes);

/** Undefined for a format that nobody knows. */
export const intakeOf = (name: string): AlertIntake | undefined => ofKind<Record<string, AlertIntake>>(alertIntakes, name);
