import type { RuleId } from '../../vocabulary/ids.ts';
import { type Matchers, matchersOf } from '../../vocabulary/matchers/matcher.ts';
import { labelOf, matchable, matches } from '../../vocabulary/matching.ts';
import type { AlertSeverity, Category, Labels } from '../../vocabulary/schema-parts.ts';
import { isOwn, type Tenant } from '../../vocabulary/tenant.ts';
import { cut } from '../../vocabulary/text.ts';
import type { GroupingConfig } from '../config.ts';
import type { Correlation, NodeKind } from './dependency-schema.ts';
import { nodeKinds } from './dependency-schema.ts';

/**
 * Something observed, by the labels its alerts have: `{ model: churn }`, `{ service: checkout }`.
 */
export type Thing = { kind: NodeKind; labels: Labels };

/**
 * What an integration observed: prediction records, traces, lineage of training runs. Things
 * declared in the config are recognised by their labels; others become new nodes.
 */
export type Observed = {
  /** The origin, for people: `prediction records`. */
  origin: string;
  edges: readonly { of: Thing; dependsOn: Thing }[];
  /** Changes with their time, such as the first sighting of a model version. */
  changes: readonly { labels: Labels; what: string; at: number }[];
};

export type GraphNode = { name: string; kind: NodeKind; text: string; match: Matchers; mutes: boolean; declared: boolean };

/**
 * The node an alert belongs to. A feature without edges is still upstream of its model: `feeds`.
 */
export type Place = { node: GraphNode; feeds?: GraphNode };

/** What placing an alert needs: an alert, or an incident's summary of it. */
export type Placeable = {
  labels: Labels;
  ruleId: RuleId;
  category?: Category | undefined;
  severity: AlertSeverity;
  aboutRule?: boolean | undefined;
  tenant?: Tenant | undefined;
};

/**
 * A path from an effect up to its cause, as node texts. `origins`: where its edges come from, if
 * not from the config.
 */
export type Way = { texts: string[]; origins: string[] };

export type Graph = {
  settings: Correlation;
  changes: Observed['changes'];
  nodes: ReadonlyMap<string, GraphNode>;
  placeOf(alert: Placeable): Place | undefined;
  /**
   * The path from `down` to `up`; undefined if `down` does not depend on it, or if they depend on
   * each other.
   */
  wayUp(down: Place, up: Place): Way | undefined;
  /** Names of nodes upstream or downstream of a place. */
  relatives(place: Place): ReadonlySet<string>;
  /** The name of the connected component of a place. */
  componentOf(place: Place): string;
  /**
   * The longest distance downstream of a root. A feature without edges is half a step before its
   * model.
   */
  levelOf(place: Place): number;
  /** How many features a model is known to have; 0 if unknown. */
  featuresOf(model: GraphNode): number;
};

/** Labels may be long, and they appear in sentences. */
const maxValue = 60;

/** The most models whose nodes are cached. */
const maxModels = 2000;

type Edges = Map<string, Map<string, string>>;

/** Cached graphs of declared dependencies: every incoming alert needs one. */
const declaredGraphs = new WeakMap<GroupingConfig['settings'], { dependencies: GroupingConfig['dependencies']; graph: Graph }>();

/** The dependency graph: what the config declares, and what was observed. */
export function graphOf(config: GroupingConfig, observed: readonly Observed[] = []): Graph {
  const { settings, dependencies } = config;
  if (observed.length > 0) return makeGraph(config, observed);
  const known = declaredGraphs.get(settings);
  if (known !== undefined && known.dependencies === dependencies) return known.graph;
  const graph = makeGraph(config, []);
  declaredGraphs.set(settings, { dependencies, graph });
  return graph;
}

function makeGraph(config: GroupingConfig, observed: readonly Observed[]): Graph {
  const nodes = new Map<string, GraphNode>();
  const up: Edges = new Map();
  const down: Edges = new Map();
  const connect = (of: string, dependsOn: string, origin: string): void => {
    if (of === dependsOn || up.get(of)?.has(dependsOn)) return;
    edgesAt(up, of).set(dependsOn, origin);
    edgesAt(down, dependsOn).set(of, origin);
  };
  for (const [name, { kind, match, mutes }] of Object.entries(config.dependencies))
    nodes.set(name, { name, kind, text: `${kind} ${name}`, match, mutes: mutes ?? kind === 'data', declared: true });
  for (const [name, { dependsOn }] of Object.entries(config.dependencies))
    for (const other of dependsOn) connect(name, other, '');
  const declared = [...nodes.values()];
  const nodeOf = (thing: Thing): GraphNode => {
    const known = mostSpecific(declared.filter((node) => isAbout(node, thing)));
    if (known !== undefined) return known;
    const node = observedNode(thing);
    const before = nodes.get(node.name);
    if (before === undefined) nodes.set(node.name, node);
    return before ?? node;
  };
  for (const { origin, edges } of observed)
    for (const { of, dependsOn } of edges) connect(nodeOf(of).name, nodeOf(dependsOn).name, origin);
  featuresComeFromData(nodes, up, connect);

  const all = [...nodes.values()];
  const above = reachOf(up);
  const below = reachOf(down);
  const level = levelsOf(up);
  const component = componentsOf(nodes.keys(), up);
  const stepsUp = (place: Place): string[] =>
    place.feeds === undefined || nodes.has(place.node.name) ? [place.node.name] : dataOf(nodes, up, place.feeds.name);

  const oneWay = (from: Place, to: Place): Way | undefined => {
    if (from.node.name === to.node.name) return undefined;
    const isImplied = to.feeds !== undefined && !nodes.has(to.node.name);
    const target = isImplied ? (to.feeds as GraphNode) : to.node;
    const starts = stepsUp(from);
    const first = starts[0] === from.node.name ? [] : [from.node.text];
    for (const start of starts) {
      const names = start === target.name ? [start] : wayBetween(above(start), start, target.name);
      if (names === undefined) continue;
      // Features of one model are never upstream of each other.
      if (isImplied && first.length > 0) continue;
      const texts = [...first, ...names.map((name) => nodes.get(name)?.text ?? from.node.text)];
      const origins = names.slice(1).map((name, index) => up.get(names[index] ?? '')?.get(name) ?? '');
      const ends = isImplied ? [to.node.text] : [];
      return { texts: [...texts, ...ends], origins: [...new Set(origins)].filter((origin) => origin !== '') };
    }
    return undefined;
  };

  const ownModels = modelNodes();
  return {
    settings: config.settings.correlation,
    changes: observed.flatMap(({ changes }) => changes),
    nodes,
    placeOf: (alert) => placeIn(all, alert, ownModels),
    wayUp(from, to) {
      const way = oneWay(from, to);
      return way === undefined || oneWay(to, from) !== undefined ? undefined : way;
    },
    relatives(place) {
      const found = new Set<string>();
      for (const start of stepsUp(place)) for (const name of [start, ...above(start).keys()]) found.add(name);
      const start = place.feeds ?? place.node;
      for (const name of [start.name, ...below(start.name).keys()]) found.add(name);
      return found;
    },
    levelOf: ({ node, feeds }) => (feeds === undefined ? level(node.name) : level(feeds.name) - 0.5),
    componentOf: ({ node, feeds }) => component(nodes.has(node.name) ? node.name : (feeds ?? node).name),
    featuresOf: ({ name }) => [...(up.get(name)?.keys() ?? [])].filter((other) => nodes.get(other)?.kind === 'feature').length,
  };
}

function edgesAt(edges: Edges, name: string): Map<string, string> {
  const known = edges.get(name) ?? new Map<string, string>();
  edges.set(name, known);
  return known;
}

/** An observed thing has no rule or category, so these matchers are ignored. */
function isAbout({ match, kind }: GraphNode, { labels, kind: seen }: Thing): boolean {
  if (kind !== seen) return false;
  const asked = match.filter(({ name }) => name !== 'rule' && name !== 'category');
  return asked.length > 0 && matches(asked, { labels });
}

/** Declared names contain no slash, so this cannot clash. */
function observedNode({ kind, labels }: Thing): GraphNode {
  const values = Object.entries(labels)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
  const { model, feature } = labels;
  const told =
    kind === 'feature' && feature !== undefined
      ? `${cut(feature, maxValue)} of ${cut(model ?? 'no model', maxValue)}`
      : cut(Object.values(labels).join(' '), maxValue);
  return {
    name: `${kind}/${values.join('/')}`,
    kind,
    text: `${kind} ${told}`,
    match: matchersOf(labels),
    mutes: false,
    declared: false,
  };
}

/** Nodes of undeclared models, cached: alerts name the same ones again and again. */
function modelNodes(): (model: string) => GraphNode {
  const known = new Map<string, GraphNode>();
  return (model) => {
    const found = known.get(model) ?? observedNode({ kind: 'model', labels: { model } });
    if (known.size >= maxModels) known.clear();
    known.set(model, found);
    return found;
  };
}

const dataOf = (nodes: ReadonlyMap<string, GraphNode>, up: Edges, name: string): string[] =>
  [...(up.get(name)?.keys() ?? [])].filter((other) => nodes.get(other)?.kind === 'data');

/** A feature without declared inputs comes from the data its model depends on. */
function featuresComeFromData(
  nodes: ReadonlyMap<string, GraphNode>,
  up: Edges,
  connect: (of: string, dependsOn: string, origin: string) => void,
): void {
  for (const { name, kind } of nodes.values()) {
    if (kind !== 'model') continue;
    const data = dataOf(nodes, up, name);
    for (const other of up.get(name)?.keys() ?? []) {
      const node = nodes.get(other);
      if (node?.kind === 'feature' && !node.declared) for (const one of data) connect(other, one, '');
    }
  }
}

/** Every reachable node, with its predecessor on a shortest path. */
function reachOf(edges: Edges): (start: string) => ReadonlyMap<string, string> {
  const known = new Map<string, ReadonlyMap<string, string>>();
  return (start) => {
    const found = known.get(start);
    if (found !== undefined) return found;
    const before = new Map<string, string>();
    const queue = [start];
    for (const name of queue) {
      for (const next of edges.get(name)?.keys() ?? []) {
        if (next === start || before.has(next)) continue;
        before.set(next, name);
        queue.push(next);
      }
    }
    known.set(start, before);
    return before;
  };
}

/** The longest path upwards; cycles are cut. */
function levelsOf(up: Edges): (name: string) => number {
  const known = new Map<string, number>();
  const levelOf = (name: string): number => {
    const found = known.get(name);
    if (found !== undefined) return found;
    known.set(name, 0);
    let level = 0;
    for (const other of up.get(name)?.keys() ?? []) level = Math.max(level, 1 + levelOf(other));
    known.set(name, level);
    return level;
  };
  return levelOf;
}

/**
 * The first name, alphabetically, of a connected component. An unknown node is its own component.
 */
function componentsOf(names: Iterable<string>, edges: Edges): (name: string) => string {
  const leader = new Map<string, string>();
  const leaderOf = (name: string): string => {
    let at = name;
    for (let next = leader.get(at); next !== undefined && next !== at; next = leader.get(at)) at = next;
    return at;
  };
  for (const name of names) {
    for (const other of edges.get(name)?.keys() ?? []) {
      const [a = '', b = ''] = [leaderOf(name), leaderOf(other)].sort();
      if (a !== b) leader.set(b, a);
    }
  }
  return leaderOf;
}

function wayBetween(before: ReadonlyMap<string, string>, start: string, end: string): string[] | undefined {
  if (!before.has(end)) return undefined;
  const way: string[] = [];
  for (let name: string | undefined = end; name !== undefined && name !== start; name = before.get(name)) way.unshift(name);
  return [start, ...way];
}

/**
 * The node with the most labels; on a tie the one furthest downstream, which withholds the fewest
 * pages.
 */
function mostSpecific(fitting: readonly GraphNode[]): GraphNode | undefined {
  const size = ({ match }: GraphNode): number => new Set(match.map(({ name }) => name)).size;
  const order = (a: GraphNode, b: GraphNode): number =>
    size(b) - size(a) ||
    Number(b.declared) - Number(a.declared) ||
    nodeKinds.indexOf(b.kind) - nodeKinds.indexOf(a.kind) ||
    (a.name < b.name ? -1 : 1);
  return fitting.toSorted(order)[0];
}

/**
 * The node an alert is about. An alert on a feature is about that feature, upstream of its model,
 * even if undeclared. Two kinds of alert have no place, even if a dependency matches their
 * category: an alert about a rule itself says nothing about what the rule watches; a tenant's alert
 * must not mute, be muted, or join.
 */
function placeIn(nodes: readonly GraphNode[], alert: Placeable, ownModel: (model: string) => GraphNode): Place | undefined {
  if (alert.aboutRule || !isOwn(alert)) return undefined;
  const [model, feature] = [labelOf(alert.labels, 'model'), labelOf(alert.labels, 'feature')];
  if (nodes.length === 0 && model === '') return undefined;
  if (nodes.length === 0 && feature === '') return { node: ownModel(model) };
  const labels = matchable({ ...alert, category: alert.category as Category });
  const found = mostSpecific(nodes.filter(({ match }) => matches(match, labels)));
  if (found === undefined && feature === '') return model === '' ? undefined : { node: ownModel(model) };
  const isModel = found === undefined || found.kind === 'model' || found.kind === 'service';
  if (feature === '' || model === '' || !isModel || found?.match.some(({ name }) => name === 'feature'))
    return found === undefined ? undefined : { node: found };
  const feeds = found?.kind === 'model' ? found : ownModel(model);
  return { node: observedNode({ kind: 'feature', labels: { model, feature } }), feeds };
}
