import { formatPercent } from '../../vocabulary/format.ts';
import { severityRank } from '../../vocabulary/severity.ts';
import { cut } from '../../vocabulary/text.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import type { AlertSummary } from '../alerts/alert-summary.ts';
import type { Cause } from './cause.ts';
import type { Graph, GraphNode, Place } from './graph.ts';
import { apartKey } from './link.ts';

/** The most causes an incident shows. */
export const maxCauses = 3;

/**
 * A change this long before a breach may have caused it: a daily window shows a bad release a day
 * late.
 */
export const changeReachMs = 86_400_000;

/** Version names come from records. */
const maxChange = 200;

type Weighed = {
  summary: AlertSummary;
  place: Place | undefined;
  active: boolean;
  /** Downstream alerts, and upstream alerts that began earlier or shortly after. */
  effects: number;
  causes: number;
  change: { what: string; at: number } | undefined;
  /** Firing features of the same model. */
  features: number;
  /** The p-value of a drift; 1 if there is none. */
  chance: number;
  /** How far the value is past its bound, as a fraction; 0 for a resolved alert. */
  excess: number;
};

/**
 * The alerts of an incident, likeliest cause first. Order: firing before resolved; unexplained
 * before explained by something upstream; then more alerts downstream; then a recent change nearby;
 * then severity; age; more features of its model beside it; smaller p-value; further past its
 * bound. Each criterion looks only at the alert and those linked to it, so unrelated alerts never
 * change the order.
 */
export function rankedAlerts(alerts: readonly AlertSummary[], graph: Graph): AlertSummary[] {
  return ranked(alerts, graph).map(({ summary }) => summary);
}

/** The likely causes, best first; only the first feature per model. None for a single alert. */
export function likelyCauses(alerts: readonly AlertSummary[], graph: Graph): Cause[] {
  if (alerts.length < 2) return [];
  const order = ranked(alerts, graph);
  const first = Math.min(...alerts.map(({ since }) => since));
  const isMixed = new Set(alerts.map(({ severity }) => severity)).size > 1;
  const models = new Set<string>();
  const shown = order.filter(({ place }) => {
    const model = modelOf(place, graph);
    if (model === undefined) return true;
    return models.has(model.name) ? false : models.add(model.name) !== undefined;
  });
  return shown.slice(0, maxCauses).map((one) => ({
    fingerprint: one.summary.fingerprint,
    title: one.summary.title,
    ...(one.place === undefined ? {} : { where: one.place.node.text }),
    reasons: reasonsFor(one, graph, { first, isMixed }),
  }));
}

function ranked(alerts: readonly AlertSummary[], graph: Graph): Weighed[] {
  const { within } = graph.settings;
  const spots = spotsOf(alerts, graph);
  const weighed = spots.flatMap((spot): Weighed[] => {
    const { place, key, model } = spot;
    const others = spots.filter((one) => one.key === key);
    const below = others.filter((one) => isUp(graph, place, one.place)).flatMap(({ summaries }) => summaries);
    const above = others.filter((one) => isUp(graph, one.place, place)).flatMap(({ summaries }) => summaries);
    const ofModel = model === undefined ? [] : others.filter((one) => one.model?.name === model.name);
    const features = new Set(ofModel.map((one) => one.place?.node.name)).size;
    return spot.summaries.map((summary) => {
      const active = summary.state !== 'resolved';
      return {
        summary,
        place,
        active,
        effects: below.filter(({ since }) => since >= summary.since - within).length,
        causes: above.filter(({ since, state }) => since <= summary.since + within && (state !== 'resolved' || !active)).length,
        change: changeOf(summary, graph),
        features,
        chance: summary.drift?.pValue ?? 1,
        excess: excessOf(summary),
      };
    });
  });
  return weighed.sort(byLikelihood);
}

/** Alerts at one place, which share all graph relations. */
type Spot = { place: Place | undefined; key: string; model: GraphNode | undefined; summaries: AlertSummary[] };

function spotsOf(alerts: readonly AlertSummary[], graph: Graph): Spot[] {
  const spots = new Map<string, Spot>();
  for (const summary of alerts) {
    const place = graph.placeOf(summary);
    const key = apartKey(graph, summary.labels);
    const name = place === undefined ? key : `${key}${place.node.name}\n${place.feeds?.name ?? ''}`;
    const known = spots.get(name);
    if (known === undefined) spots.set(name, { place, key, model: modelOf(place, graph), summaries: [summary] });
    else known.summaries.push(summary);
  }
  return [...spots.values()];
}

const isUp = (graph: Graph, up: Place | undefined, down: Place | undefined): boolean =>
  up !== undefined && down !== undefined && graph.wayUp(down, up) !== undefined;

function byLikelihood(a: Weighed, b: Weighed): number {
  return (
    Number(b.active) - Number(a.active) ||
    Number(a.causes > 0) - Number(b.causes > 0) ||
    b.effects - a.effects ||
    Number(b.change !== undefined) - Number(a.change !== undefined) ||
    severityRank[b.summary.severity] - severityRank[a.summary.severity] ||
    a.summary.since - b.summary.since ||
    b.features - a.features ||
    a.chance - b.chance ||
    (b.excess > a.excess ? 1 : b.excess < a.excess ? -1 : 0) ||
    (a.summary.fingerprint < b.summary.fingerprint ? -1 : a.summary.fingerprint > b.summary.fingerprint ? 1 : 0)
  );
}

/** The model that a feature belongs to. */
function modelOf(place: Place | undefined, graph: Graph): GraphNode | undefined {
  if (place === undefined || place.node.kind !== 'feature') return undefined;
  if (place.feeds !== undefined) return place.feeds;
  const models = graph.nodes.values().filter(({ kind }) => kind === 'model');
  return models.find((model) => graph.wayUp({ node: model }, place)?.texts.length === 2);
}

function changeOf({ labels, since }: AlertSummary, { changes, settings }: Graph): Weighed['change'] {
  const near = changes.filter(
    (change) =>
      change.at > since - changeReachMs &&
      change.at <= since + settings.within &&
      Object.entries(change.labels).every(([name, value]) => Object.hasOwn(labels, name) && labels[name] === value),
  );
  return near.toSorted((a, b) => b.at - a.at || (a.what < b.what ? -1 : 1))[0];
}

function excessOf({ value, bound, state }: AlertSummary): number {
  const excess =
    state === 'resolved' || value === undefined || bound === undefined || bound === 0
      ? 0
      : Math.abs(value - bound) / Math.abs(bound);
  return Number.isFinite(excess) ? excess : 0;
}

function reasonsFor(one: Weighed, graph: Graph, all: { first: number; isMixed: boolean }): string[] {
  const { summary, place, effects, causes, change, features, chance, excess } = one;
  const model = modelOf(place, graph);
  const known = model === undefined ? 0 : graph.featuresOf(model);
  const reasons: (string | false)[] = [
    !one.active && 'it has resolved since',
    effects > 0 && `${effects} alert${effects === 1 ? ' is' : 's are'} downstream of it`,
    effects > 0 && causes === 0 && 'nothing upstream of it is firing',
    causes > 0 && `${causes} alert${causes === 1 ? ' is' : 's are'} upstream of it`,
    change !== undefined && changeText(change, summary),
    summary.since === all.first && 'it began first',
    all.isMixed && summary.severity === 'critical' && 'it is critical',
    features > 1 && `${features}${known >= features ? ` of ${known}` : ''} features of ${model?.text ?? 'its model'} fire`,
    chance < 0.05 && `p-value ${chance < 1e-4 ? 'below 0.0001' : chance.toPrecision(2)}`,
    excess >= 0.01 && `its value is ${formatPercent(excess)} past its bound`,
  ];
  return reasons.filter((reason) => reason !== false);
}

function changeText({ what, at }: { what: string; at: number }, { since }: AlertSummary): string {
  const ms = Math.round(Math.abs(since - at) / 60_000) * 60_000;
  const span = ms < 60_000 ? 'as it began' : `${formatDuration(ms)} ${at <= since ? 'before' : 'after'} it began`;
  return `${cut(what, maxChange)} ${span}`;
}
