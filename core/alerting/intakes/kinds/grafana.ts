import { storableText } from '../../../vocabulary/printable.ts';
import type { AlertPayload } from '../../alerts/alert-payload.ts';
import type { AlertIntake } from '../alert-intake.ts';
import { own, readGroup } from '../webhook-group.ts';

/**
 * What Grafana names an alert about a rule that could not be judged; `rulename` then has the name
 * of the rule.
 */
const aboutRule: Readonly<Record<string, string>> = {
  DatasourceNoData: 'no data',
  DatasourceError: 'the query failed',
};

/**
 * The webhook contact point of Grafana's alerting: Alertmanager's format, with values and links of
 * its own.
 */
export const grafanaIntake = {
  lists: ['alerts'],
  read: (document, now) => readGroup(document, now, grafanaAlert),
} satisfies AlertIntake;

function grafanaAlert(alert: AlertPayload, { valueString }: Readonly<Record<string, unknown>>): AlertPayload {
  const { labels, annotations } = alert;
  const [name, rule] = [own(labels, 'alertname') ?? '', own(labels, 'rulename')];
  const trouble = own(aboutRule, name);
  const values = typeof valueString === 'string' && valueString !== '' ? storableText(valueString) : undefined;
  const description = own(annotations, 'description') ?? values;
  return {
    ...alert,
    annotations: {
      ...annotations,
      ...(description === undefined ? {} : { description }),
      // The summary is that of the rule, and would say that it is broken.
      ...(trouble === undefined ? {} : { summary: `${rule ?? name}: ${trouble}` }),
    },
  };
}
