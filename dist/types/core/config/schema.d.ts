import * as z from 'zod';
import { ingestKeySchema, type ingestScopes } from './ingest-key-schema.ts';
import { ruleSchema } from './rule-schema.ts';
import { categories, categorySchema, matchers, severities, severitySchema } from './schema-parts.ts';
export { categories, categorySchema, ruleSchema, severities, severitySchema };
declare const contactSchema: z.ZodObject<{
    slack: z.ZodOptional<z.ZodString>;
    sns: z.ZodOptional<z.ZodString>;
    webhook: z.ZodOptional<z.ZodObject<{
        url: z.ZodURL;
        secret: z.ZodString;
    }, z.core.$strict>>;
    terminal: z.ZodOptional<z.ZodLiteral<true>>;
}, z.core.$strict>;
/** From the least to the most that a person may do. */
export declare const roles: readonly ['viewer', 'responder', 'admin'];
declare const responderSchema: z.ZodObject<{
    name: z.ZodString;
    slackUser: z.ZodOptional<z.ZodString>;
    role: z.ZodPrefault<z.ZodEnum<{
        admin: "admin";
        responder: "responder";
        viewer: "viewer";
    }>>;
    contacts: z.ZodArray<z.ZodObject<{
        slack: z.ZodOptional<z.ZodString>;
        sns: z.ZodOptional<z.ZodString>;
        webhook: z.ZodOptional<z.ZodObject<{
            url: z.ZodURL;
            secret: z.ZodString;
        }, z.core.$strict>>;
        terminal: z.ZodOptional<z.ZodLiteral<true>>;
    }, z.core.$strict>>;
}, z.core.$strict>;
declare const scheduleSchema: z.ZodObject<{
    timezone: z.ZodString;
    start: z.ZodString;
    rotation: z.ZodPrefault<z.ZodEnum<{
        daily: "daily";
        weekly: "weekly";
    }>>;
    responders: z.ZodArray<z.ZodString>;
    overrides: z.ZodPrefault<z.ZodArray<z.ZodObject<{
        from: z.ZodString;
        to: z.ZodString;
        responder: z.ZodString;
    }, z.core.$strict>>>;
}, z.core.$strict>;
declare const targetSchema: z.ZodObject<{
    responder: z.ZodOptional<z.ZodString>;
    schedule: z.ZodOptional<z.ZodString>;
    channel: z.ZodOptional<z.ZodString>;
}, z.core.$strict>;
declare const policySchema: z.ZodObject<{
    tiers: z.ZodArray<z.ZodObject<{
        targets: z.ZodArray<z.ZodObject<{
            responder: z.ZodOptional<z.ZodString>;
            schedule: z.ZodOptional<z.ZodString>;
            channel: z.ZodOptional<z.ZodString>;
        }, z.core.$strict>>;
        ackWithin: z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>;
    }, z.core.$strict>>;
    repeat: z.ZodPrefault<z.ZodInt>;
    fallback: z.ZodOptional<z.ZodObject<{
        responder: z.ZodOptional<z.ZodString>;
        schedule: z.ZodOptional<z.ZodString>;
        channel: z.ZodOptional<z.ZodString>;
    }, z.core.$strict>>;
    ackTimeout: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
}, z.core.$strict>;
declare const inhibitionSchema: z.ZodObject<{
    name: z.ZodString;
    source: z.ZodRecord<z.ZodString, z.ZodUnion<readonly [z.ZodString, z.ZodArray<z.ZodString>]>>;
    target: z.ZodRecord<z.ZodString, z.ZodUnion<readonly [z.ZodString, z.ZodArray<z.ZodString>]>>;
    equal: z.ZodPrefault<z.ZodArray<z.ZodString>>;
}, z.core.$strict>;
declare const muteTimingSchema: z.ZodObject<{
    timezone: z.ZodString;
    match: z.ZodRecord<z.ZodString, z.ZodUnion<readonly [z.ZodString, z.ZodArray<z.ZodString>]>>;
    windows: z.ZodArray<z.ZodObject<{
        days: z.ZodPrefault<z.ZodArray<z.ZodEnum<{
            fri: "fri";
            mon: "mon";
            sat: "sat";
            sun: "sun";
            thu: "thu";
            tue: "tue";
            wed: "wed";
        }>>>;
        from: z.ZodString;
        to: z.ZodString;
    }, z.core.$strict>>;
}, z.core.$strict>;
declare const deploymentSchema: z.ZodObject<{
    model: z.ZodOptional<z.ZodString>;
    hook: z.ZodObject<{
        lambdaAlias: z.ZodOptional<z.ZodObject<{
            functionName: z.ZodString;
            alias: z.ZodString;
            region: z.ZodOptional<z.ZodString>;
        }, z.core.$strict>>;
        webhook: z.ZodOptional<z.ZodObject<{
            url: z.ZodURL;
            secret: z.ZodString;
        }, z.core.$strict>>;
    }, z.core.$strict>;
}, z.core.$strict>;
declare const rollbackSchema: z.ZodObject<{
    deployment: z.ZodString;
    automatic: z.ZodPrefault<z.ZodBoolean>;
    cooldown: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
    dailyLimit: z.ZodPrefault<z.ZodInt>;
    goodAfter: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
    verify: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
    role: z.ZodPrefault<z.ZodEnum<{
        admin: "admin";
        responder: "responder";
    }>>;
}, z.core.$strict>;
export declare const configSchema: z.ZodObject<{
    settings: z.ZodPrefault<z.ZodObject<{
        publicUrl: z.ZodPrefault<z.ZodURL>;
        groupBy: z.ZodPrefault<z.ZodArray<z.ZodString>>;
        groupWait: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
        groupInterval: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
        reopenWindow: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
        resolveDelay: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
        pageInterval: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
        maxFuture: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
        ingestKey: z.ZodOptional<z.ZodString>;
        ingestKeys: z.ZodPrefault<z.ZodArray<z.ZodObject<{
            name: z.ZodString;
            secret: z.ZodString;
            scope: z.ZodArray<z.ZodEnum<{
                alerts: "alerts";
                labels: "labels";
                predictions: "predictions";
                samples: "samples";
            }>>;
            sources: z.ZodOptional<z.ZodArray<z.ZodString>>;
            ratePerMinute: z.ZodOptional<z.ZodInt>;
        }, z.core.$strict>>>;
        webPassword: z.ZodOptional<z.ZodString>;
        slack: z.ZodOptional<z.ZodObject<{
            token: z.ZodString;
            signingSecret: z.ZodString;
            unknownUsers: z.ZodPrefault<z.ZodEnum<{
                responder: "responder";
                viewer: "viewer";
            }>>;
        }, z.core.$strict>>;
    }, z.core.$strict>>;
    sources: z.ZodPrefault<z.ZodRecord<z.ZodString, z.ZodDiscriminatedUnion<[z.ZodObject<{
        kind: z.ZodLiteral<"predictions">;
        model: z.ZodString;
        labels: z.ZodPrefault<z.ZodRecord<z.ZodString, z.ZodString>>;
        bucket: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
        retain: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
        labelWait: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
        features: z.ZodOptional<z.ZodArray<z.ZodString>>;
        schema: z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodObject<{
            type: z.ZodEnum<{
                boolean: "boolean";
                category: "category";
                integer: "integer";
                number: "number";
                text: "text";
            }>;
            min: z.ZodOptional<z.ZodNumber>;
            max: z.ZodOptional<z.ZodNumber>;
            values: z.ZodOptional<z.ZodArray<z.ZodString>>;
            optional: z.ZodPrefault<z.ZodBoolean>;
        }, z.core.$strict>>>;
        columns: z.ZodOptional<z.ZodObject<{
            id: z.ZodOptional<z.ZodString>;
            timestamp: z.ZodPrefault<z.ZodString>;
            timestampUnit: z.ZodPrefault<z.ZodEnum<{
                instant: "instant";
                year: "year";
            }>>;
            prediction: z.ZodPrefault<z.ZodString>;
            score: z.ZodOptional<z.ZodString>;
            label: z.ZodOptional<z.ZodString>;
            version: z.ZodOptional<z.ZodString>;
            features: z.ZodOptional<z.ZodArray<z.ZodString>>;
        }, z.core.$strict>>;
    }, z.core.$strict>, z.ZodObject<{
        kind: z.ZodLiteral<"samples">;
        labels: z.ZodPrefault<z.ZodRecord<z.ZodString, z.ZodString>>;
        bucket: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
        retain: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
        columns: z.ZodOptional<z.ZodObject<{
            timestamp: z.ZodPrefault<z.ZodString>;
            value: z.ZodPrefault<z.ZodString>;
            metric: z.ZodOptional<z.ZodString>;
        }, z.core.$strict>>;
    }, z.core.$strict>, z.ZodObject<{
        kind: z.ZodLiteral<"cloudwatch">;
        region: z.ZodOptional<z.ZodString>;
        labels: z.ZodPrefault<z.ZodRecord<z.ZodString, z.ZodString>>;
        lag: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
    }, z.core.$strict>, z.ZodObject<{
        kind: z.ZodLiteral<"alerts">;
        labels: z.ZodPrefault<z.ZodRecord<z.ZodString, z.ZodString>>;
        category: z.ZodEnum<{
            availability: "availability";
            "data-quality": "data-quality";
            drift: "drift";
            latency: "latency";
            performance: "performance";
            pipeline: "pipeline";
            resource: "resource";
        }>;
        severityLabel: z.ZodPrefault<z.ZodString>;
        severities: z.ZodPrefault<z.ZodRecord<z.ZodString, z.ZodEnum<{
            critical: "critical";
            warn: "warn";
        }>>>;
        severity: z.ZodPrefault<z.ZodEnum<{
            critical: "critical";
            warn: "warn";
        }>>;
        runbook: z.ZodString;
        owner: z.ZodOptional<z.ZodString>;
        groupBy: z.ZodOptional<z.ZodArray<z.ZodString>>;
        endsAfter: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
    }, z.core.$strict>], "kind">>>;
    rules: z.ZodPrefault<z.ZodRecord<z.ZodString, z.ZodObject<{
        title: z.ZodOptional<z.ZodString>;
        source: z.ZodOptional<z.ZodString>;
        query: z.ZodOptional<z.ZodObject<{
            predictions: z.ZodOptional<z.ZodObject<{
                metric: z.ZodEnum<{
                    accuracy: "accuracy";
                    auc: "auc";
                    bias: "bias";
                    brier: "brier";
                    count: "count";
                    duplicate_rate: "duplicate_rate";
                    estimated_accuracy: "estimated_accuracy";
                    estimated_f1: "estimated_f1";
                    estimated_precision: "estimated_precision";
                    estimated_recall: "estimated_recall";
                    f1: "f1";
                    freshness: "freshness";
                    labelled: "labelled";
                    log_loss: "log_loss";
                    mae: "mae";
                    null_rate: "null_rate";
                    out_of_range_rate: "out_of_range_rate";
                    positive_rate: "positive_rate";
                    precision: "precision";
                    recall: "recall";
                    rmse: "rmse";
                    score_mean: "score_mean";
                    type_error_rate: "type_error_rate";
                    unseen_rate: "unseen_rate";
                }>;
                over: z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>;
                by: z.ZodPrefault<z.ZodArray<z.ZodEnum<{
                    feature: "feature";
                    version: "version";
                }>>>;
                features: z.ZodOptional<z.ZodArray<z.ZodString>>;
                version: z.ZodOptional<z.ZodString>;
            }, z.core.$strict>>;
            samples: z.ZodOptional<z.ZodObject<{
                metric: z.ZodString;
                match: z.ZodPrefault<z.ZodRecord<z.ZodString, z.ZodUnion<readonly [z.ZodString, z.ZodArray<z.ZodString>]>>>;
                statistic: z.ZodPrefault<z.ZodEnum<{
                    age: "age";
                    count: "count";
                    last: "last";
                    max: "max";
                    mean: "mean";
                    min: "min";
                    sum: "sum";
                }>>;
                over: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
            }, z.core.$strict>>;
            cloudwatch: z.ZodOptional<z.ZodObject<{
                metric: z.ZodOptional<z.ZodObject<{
                    namespace: z.ZodString;
                    metric: z.ZodString;
                    dimensions: z.ZodPrefault<z.ZodRecord<z.ZodString, z.ZodString>>;
                    statistic: z.ZodPrefault<z.ZodString>;
                }, z.core.$strict>>;
                expression: z.ZodOptional<z.ZodString>;
                metrics: z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodObject<{
                    namespace: z.ZodString;
                    metric: z.ZodString;
                    dimensions: z.ZodPrefault<z.ZodRecord<z.ZodString, z.ZodString>>;
                    statistic: z.ZodPrefault<z.ZodString>;
                }, z.core.$strict>>>;
                sql: z.ZodOptional<z.ZodString>;
                count: z.ZodOptional<z.ZodObject<{
                    namespace: z.ZodString;
                    metric: z.ZodString;
                    dimensions: z.ZodPrefault<z.ZodRecord<z.ZodString, z.ZodString>>;
                    statistic: z.ZodPrefault<z.ZodString>;
                }, z.core.$strict>>;
            }, z.core.$strict>>;
        }, z.core.$strict>>;
        step: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
        every: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
        whileActive: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
        category: z.ZodEnum<{
            availability: "availability";
            "data-quality": "data-quality";
            drift: "drift";
            latency: "latency";
            performance: "performance";
            pipeline: "pipeline";
            resource: "resource";
        }>;
        degradation: z.ZodOptional<z.ZodObject<{
            direction: z.ZodEnum<{
                drop: "drop";
                rise: "rise";
            }>;
            baseline: z.ZodObject<{
                fixed: z.ZodOptional<z.ZodNumber>;
                rolling: z.ZodOptional<z.ZodObject<{
                    window: z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>;
                    statistic: z.ZodPrefault<z.ZodEnum<{
                        mean: "mean";
                        median: "median";
                    }>>;
                    minPoints: z.ZodPrefault<z.ZodInt>;
                    maxAge: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
                }, z.core.$strict>>;
                seasonal: z.ZodOptional<z.ZodObject<{
                    season: z.ZodEnum<{
                        day: "day";
                        week: "week";
                    }>;
                    periods: z.ZodPrefault<z.ZodInt>;
                    minPeriods: z.ZodPrefault<z.ZodInt>;
                    slot: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
                    timezone: z.ZodPrefault<z.ZodString>;
                    deviations: z.ZodPrefault<z.ZodNumber>;
                    maxAge: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
                }, z.core.$strict>>;
                version: z.ZodOptional<z.ZodObject<{
                    window: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
                    statistic: z.ZodPrefault<z.ZodEnum<{
                        mean: "mean";
                        median: "median";
                    }>>;
                    minPoints: z.ZodPrefault<z.ZodInt>;
                    maxAge: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
                }, z.core.$strict>>;
            }, z.core.$strict>;
            warn: z.ZodPrefault<z.ZodPipe<z.ZodUnion<readonly [z.ZodNumber, z.ZodString]>, z.ZodTransform<number, string | number>>>;
            critical: z.ZodPrefault<z.ZodPipe<z.ZodUnion<readonly [z.ZodNumber, z.ZodString]>, z.ZodTransform<number, string | number>>>;
        }, z.core.$strict>>;
        threshold: z.ZodOptional<z.ZodObject<{
            above: z.ZodOptional<z.ZodObject<{
                warn: z.ZodOptional<z.ZodNumber>;
                critical: z.ZodOptional<z.ZodNumber>;
            }, z.core.$strict>>;
            below: z.ZodOptional<z.ZodObject<{
                warn: z.ZodOptional<z.ZodNumber>;
                critical: z.ZodOptional<z.ZodNumber>;
            }, z.core.$strict>>;
        }, z.core.$strict>>;
        rateOfChange: z.ZodOptional<z.ZodObject<{
            over: z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>;
            direction: z.ZodPrefault<z.ZodEnum<{
                drop: "drop";
                either: "either";
                rise: "rise";
            }>>;
            relative: z.ZodOptional<z.ZodObject<{
                warn: z.ZodOptional<z.ZodType<number, unknown, z.core.$ZodTypeInternals<number, unknown>>>;
                critical: z.ZodOptional<z.ZodType<number, unknown, z.core.$ZodTypeInternals<number, unknown>>>;
            }, z.core.$strict>>;
            absolute: z.ZodOptional<z.ZodObject<{
                warn: z.ZodOptional<z.ZodType<number, unknown, z.core.$ZodTypeInternals<number, unknown>>>;
                critical: z.ZodOptional<z.ZodType<number, unknown, z.core.$ZodTypeInternals<number, unknown>>>;
            }, z.core.$strict>>;
        }, z.core.$strict>>;
        burnRate: z.ZodOptional<z.ZodObject<{
            objective: z.ZodPipe<z.ZodUnion<readonly [z.ZodNumber, z.ZodString]>, z.ZodTransform<number, string | number>>;
            ratio: z.ZodPrefault<z.ZodEnum<{
                error: "error";
                good: "good";
            }>>;
            windows: z.ZodPrefault<z.ZodArray<z.ZodObject<{
                long: z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>;
                short: z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>;
                burn: z.ZodNumber;
                severity: z.ZodEnum<{
                    critical: "critical";
                    warn: "warn";
                }>;
            }, z.core.$strict>>>;
        }, z.core.$strict>>;
        absence: z.ZodOptional<z.ZodObject<{
            warn: z.ZodOptional<z.ZodType<number, unknown, z.core.$ZodTypeInternals<number, unknown>>>;
            critical: z.ZodOptional<z.ZodType<number, unknown, z.core.$ZodTypeInternals<number, unknown>>>;
        }, z.core.$strict>>;
        composite: z.ZodOptional<z.ZodObject<{
            all: z.ZodOptional<z.ZodArray<z.ZodObject<{
                rule: z.ZodOptional<z.ZodString>;
                match: z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodUnion<readonly [z.ZodString, z.ZodArray<z.ZodString>]>>>;
                severity: z.ZodOptional<z.ZodEnum<{
                    critical: "critical";
                    warn: "warn";
                }>>;
            }, z.core.$strict>>>;
            any: z.ZodOptional<z.ZodArray<z.ZodObject<{
                rule: z.ZodOptional<z.ZodString>;
                match: z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodUnion<readonly [z.ZodString, z.ZodArray<z.ZodString>]>>>;
                severity: z.ZodOptional<z.ZodEnum<{
                    critical: "critical";
                    warn: "warn";
                }>>;
            }, z.core.$strict>>>;
            none: z.ZodOptional<z.ZodArray<z.ZodObject<{
                rule: z.ZodOptional<z.ZodString>;
                match: z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodUnion<readonly [z.ZodString, z.ZodArray<z.ZodString>]>>>;
                severity: z.ZodOptional<z.ZodEnum<{
                    critical: "critical";
                    warn: "warn";
                }>>;
            }, z.core.$strict>>>;
            on: z.ZodOptional<z.ZodArray<z.ZodString>>;
            severity: z.ZodOptional<z.ZodEnum<{
                critical: "critical";
                warn: "warn";
            }>>;
        }, z.core.$strict>>;
        for: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<{
            m: number;
            n: number;
        }, string>>>;
        recover: z.ZodPrefault<z.ZodPipe<z.ZodUnion<readonly [z.ZodNumber, z.ZodString]>, z.ZodTransform<number, string | number>>>;
        keepFiring: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
        noData: z.ZodPrefault<z.ZodEnum<{
            alert: "alert";
            hold: "hold";
            ok: "ok";
        }>>;
        errorFor: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
        samples: z.ZodPrefault<z.ZodObject<{
            labelShare: z.ZodPrefault<z.ZodPipe<z.ZodUnion<readonly [z.ZodNumber, z.ZodString]>, z.ZodTransform<number, string | number>>>;
            minCount: z.ZodPrefault<z.ZodInt>;
            confidence: z.ZodOptional<z.ZodPipe<z.ZodUnion<readonly [z.ZodNumber, z.ZodString]>, z.ZodTransform<number, string | number>>>;
        }, z.core.$strict>>;
        maxSeries: z.ZodPrefault<z.ZodInt>;
        labels: z.ZodPrefault<z.ZodRecord<z.ZodString, z.ZodString>>;
        owner: z.ZodOptional<z.ZodString>;
        runbook: z.ZodString;
        rollback: z.ZodOptional<z.ZodString>;
    }, z.core.$strict>>>;
    responders: z.ZodPrefault<z.ZodRecord<z.ZodString, z.ZodObject<{
        name: z.ZodString;
        slackUser: z.ZodOptional<z.ZodString>;
        role: z.ZodPrefault<z.ZodEnum<{
            admin: "admin";
            responder: "responder";
            viewer: "viewer";
        }>>;
        contacts: z.ZodArray<z.ZodObject<{
            slack: z.ZodOptional<z.ZodString>;
            sns: z.ZodOptional<z.ZodString>;
            webhook: z.ZodOptional<z.ZodObject<{
                url: z.ZodURL;
                secret: z.ZodString;
            }, z.core.$strict>>;
            terminal: z.ZodOptional<z.ZodLiteral<true>>;
        }, z.core.$strict>>;
    }, z.core.$strict>>>;
    schedules: z.ZodPrefault<z.ZodRecord<z.ZodString, z.ZodObject<{
        timezone: z.ZodString;
        start: z.ZodString;
        rotation: z.ZodPrefault<z.ZodEnum<{
            daily: "daily";
            weekly: "weekly";
        }>>;
        responders: z.ZodArray<z.ZodString>;
        overrides: z.ZodPrefault<z.ZodArray<z.ZodObject<{
            from: z.ZodString;
            to: z.ZodString;
            responder: z.ZodString;
        }, z.core.$strict>>>;
    }, z.core.$strict>>>;
    channels: z.ZodPrefault<z.ZodRecord<z.ZodString, z.ZodObject<{
        slack: z.ZodOptional<z.ZodString>;
        sns: z.ZodOptional<z.ZodString>;
        webhook: z.ZodOptional<z.ZodObject<{
            url: z.ZodURL;
            secret: z.ZodString;
        }, z.core.$strict>>;
        terminal: z.ZodOptional<z.ZodLiteral<true>>;
    }, z.core.$strict>>>;
    policies: z.ZodPrefault<z.ZodRecord<z.ZodString, z.ZodObject<{
        tiers: z.ZodArray<z.ZodObject<{
            targets: z.ZodArray<z.ZodObject<{
                responder: z.ZodOptional<z.ZodString>;
                schedule: z.ZodOptional<z.ZodString>;
                channel: z.ZodOptional<z.ZodString>;
            }, z.core.$strict>>;
            ackWithin: z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>;
        }, z.core.$strict>>;
        repeat: z.ZodPrefault<z.ZodInt>;
        fallback: z.ZodOptional<z.ZodObject<{
            responder: z.ZodOptional<z.ZodString>;
            schedule: z.ZodOptional<z.ZodString>;
            channel: z.ZodOptional<z.ZodString>;
        }, z.core.$strict>>;
        ackTimeout: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
    }, z.core.$strict>>>;
    matrix: z.ZodObject<{
        'data-quality': z.ZodOptional<z.ZodObject<{
            warn: z.ZodOptional<z.ZodObject<{
                policy: z.ZodString;
                ackTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
                resolveTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
            }, z.core.$strict>>;
            critical: z.ZodOptional<z.ZodObject<{
                policy: z.ZodString;
                ackTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
                resolveTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
            }, z.core.$strict>>;
        }, z.core.$strict>>;
        drift: z.ZodOptional<z.ZodObject<{
            warn: z.ZodOptional<z.ZodObject<{
                policy: z.ZodString;
                ackTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
                resolveTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
            }, z.core.$strict>>;
            critical: z.ZodOptional<z.ZodObject<{
                policy: z.ZodString;
                ackTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
                resolveTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
            }, z.core.$strict>>;
        }, z.core.$strict>>;
        performance: z.ZodOptional<z.ZodObject<{
            warn: z.ZodOptional<z.ZodObject<{
                policy: z.ZodString;
                ackTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
                resolveTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
            }, z.core.$strict>>;
            critical: z.ZodOptional<z.ZodObject<{
                policy: z.ZodString;
                ackTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
                resolveTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
            }, z.core.$strict>>;
        }, z.core.$strict>>;
        latency: z.ZodOptional<z.ZodObject<{
            warn: z.ZodOptional<z.ZodObject<{
                policy: z.ZodString;
                ackTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
                resolveTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
            }, z.core.$strict>>;
            critical: z.ZodOptional<z.ZodObject<{
                policy: z.ZodString;
                ackTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
                resolveTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
            }, z.core.$strict>>;
        }, z.core.$strict>>;
        availability: z.ZodOptional<z.ZodObject<{
            warn: z.ZodOptional<z.ZodObject<{
                policy: z.ZodString;
                ackTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
                resolveTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
            }, z.core.$strict>>;
            critical: z.ZodOptional<z.ZodObject<{
                policy: z.ZodString;
                ackTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
                resolveTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
            }, z.core.$strict>>;
        }, z.core.$strict>>;
        resource: z.ZodOptional<z.ZodObject<{
            warn: z.ZodOptional<z.ZodObject<{
                policy: z.ZodString;
                ackTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
                resolveTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
            }, z.core.$strict>>;
            critical: z.ZodOptional<z.ZodObject<{
                policy: z.ZodString;
                ackTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
                resolveTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
            }, z.core.$strict>>;
        }, z.core.$strict>>;
        pipeline: z.ZodOptional<z.ZodObject<{
            warn: z.ZodOptional<z.ZodObject<{
                policy: z.ZodString;
                ackTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
                resolveTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
            }, z.core.$strict>>;
            critical: z.ZodOptional<z.ZodObject<{
                policy: z.ZodString;
                ackTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
                resolveTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
            }, z.core.$strict>>;
        }, z.core.$strict>>;
        default: z.ZodObject<{
            warn: z.ZodObject<{
                policy: z.ZodString;
                ackTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
                resolveTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
            }, z.core.$strict>;
            critical: z.ZodObject<{
                policy: z.ZodString;
                ackTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
                resolveTarget: z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
            }, z.core.$strict>;
        }, z.core.$strict>;
    }, z.core.$strict>;
    inhibitions: z.ZodPrefault<z.ZodArray<z.ZodObject<{
        name: z.ZodString;
        source: z.ZodRecord<z.ZodString, z.ZodUnion<readonly [z.ZodString, z.ZodArray<z.ZodString>]>>;
        target: z.ZodRecord<z.ZodString, z.ZodUnion<readonly [z.ZodString, z.ZodArray<z.ZodString>]>>;
        equal: z.ZodPrefault<z.ZodArray<z.ZodString>>;
    }, z.core.$strict>>>;
    muteTimings: z.ZodPrefault<z.ZodRecord<z.ZodString, z.ZodObject<{
        timezone: z.ZodString;
        match: z.ZodRecord<z.ZodString, z.ZodUnion<readonly [z.ZodString, z.ZodArray<z.ZodString>]>>;
        windows: z.ZodArray<z.ZodObject<{
            days: z.ZodPrefault<z.ZodArray<z.ZodEnum<{
                fri: "fri";
                mon: "mon";
                sat: "sat";
                sun: "sun";
                thu: "thu";
                tue: "tue";
                wed: "wed";
            }>>>;
            from: z.ZodString;
            to: z.ZodString;
        }, z.core.$strict>>;
    }, z.core.$strict>>>;
    deployments: z.ZodPrefault<z.ZodRecord<z.ZodString, z.ZodObject<{
        model: z.ZodOptional<z.ZodString>;
        hook: z.ZodObject<{
            lambdaAlias: z.ZodOptional<z.ZodObject<{
                functionName: z.ZodString;
                alias: z.ZodString;
                region: z.ZodOptional<z.ZodString>;
            }, z.core.$strict>>;
            webhook: z.ZodOptional<z.ZodObject<{
                url: z.ZodURL;
                secret: z.ZodString;
            }, z.core.$strict>>;
        }, z.core.$strict>;
    }, z.core.$strict>>>;
    rollbacks: z.ZodPrefault<z.ZodRecord<z.ZodString, z.ZodObject<{
        deployment: z.ZodString;
        automatic: z.ZodPrefault<z.ZodBoolean>;
        cooldown: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
        dailyLimit: z.ZodPrefault<z.ZodInt>;
        goodAfter: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
        verify: z.ZodPrefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
        role: z.ZodPrefault<z.ZodEnum<{
            admin: "admin";
            responder: "responder";
        }>>;
    }, z.core.$strict>>>;
}, z.core.$strict>;
export type Config = z.output<typeof configSchema>;
export type ConfigInput = z.input<typeof configSchema>;
export type Settings = Config['settings'];
export type SourceConfig = Config['sources'][string];
export type AlertsSourceConfig = Extract<SourceConfig, {
    kind: 'alerts';
}>;
export type IngestKeyConfig = z.output<typeof ingestKeySchema>;
export type IngestScope = (typeof ingestScopes)[number];
export type Role = (typeof roles)[number];
export type PredictionsSourceConfig = Extract<SourceConfig, {
    kind: 'predictions';
}>;
export type SamplesSourceConfig = Extract<SourceConfig, {
    kind: 'samples';
}>;
export type CloudwatchSourceConfig = Extract<SourceConfig, {
    kind: 'cloudwatch';
}>;
export type Rule = Config['rules'][string];
export type RuleQuery = NonNullable<Rule['query']>;
/** A rule that asks a source: every kind but composite. */
export type AskingRule = Rule & {
    source: string;
    query: RuleQuery;
};
export type Severity = (typeof severities)[number];
export type Category = (typeof categories)[number];
export type Contact = z.output<typeof contactSchema>;
export type Target = z.output<typeof targetSchema>;
export type Policy = z.output<typeof policySchema>;
export type Schedule = z.output<typeof scheduleSchema>;
export type Responder = z.output<typeof responderSchema>;
export type Matchers = z.output<typeof matchers>;
export type Inhibition = z.output<typeof inhibitionSchema>;
export type MuteTiming = z.output<typeof muteTimingSchema>;
export type DeploymentConfig = z.output<typeof deploymentSchema>;
export type RollbackConfig = z.output<typeof rollbackSchema>;
export type Labels = Record<string, string>;
