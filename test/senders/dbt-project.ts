import { folderOf } from '../cli/run.ts';

const good =
  'id,tenure_months,monthly_charges,contract,loaded_at\n1,3,80.5,month,2020-01-01\n2,60,70,year,2020-01-01\n3,12,44.1,two-year,2020-01-01\n';
const bad =
  'id,tenure_months,monthly_charges,contract,loaded_at\n1,3,80.5,month,2020-01-01\n2,60,,year,2020-01-01\n3,12,44.1,weekly,2020-01-01\n3,13,45,month,2020-01-01\n';

/** The seed of the project, as it should be and not. */
export const customers = { good, bad };

/**
 * A small project on DuckDB: a seed, a model with tests, a test that only warns, and a source that
 * is read as old.
 */
export const dbtProject = (): string =>
  folderOf({
    'dbt_project.yml': `
name: churn
version: '1.0'
profile: churn
flags: { send_anonymous_usage_stats: false }
`,
    'profiles.yml': 'churn: { target: dev, outputs: { dev: { type: duckdb, path: churn.duckdb, threads: 1 } } }\n',
    'seeds/customers.csv': bad,
    'models/features.sql': 'select id, tenure_months, monthly_charges, contract from {{ ref("customers") }}\n',
    'models/schema.yml': `
sources:
  - name: raw
    schema: main
    tables:
      - name: customers
        config:
          loaded_at_field: "cast(loaded_at as timestamp)"
          freshness: { warn_after: { count: 6, period: hour }, error_after: { count: 12, period: hour } }
models:
  - name: features
    config: { meta: { owner: growth } }
    columns:
      - name: id
        data_tests: [unique, not_null]
      - name: monthly_charges
        data_tests:
          - not_null: { config: { severity: warn } }
      - name: contract
        data_tests:
          - accepted_values: { arguments: { values: [month, year, two-year] } }
`,
  });

/** Nothing is reported to the makers of dbt. */
export const quiet = { DO_NOT_TRACK: '1', DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' };
