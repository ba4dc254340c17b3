import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { send, sendJson } from '../support/http.js';
import { projectRoot } from '../support/paths.js';
import { NO_MALLORY, startTestServer } from '../support/server.js';
import { parseExposition, type Exposition } from './exposition.js';

const read = (...path: string[]): string => readFileSync(join(projectRoot, ...path), 'utf8');

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}
const { groups } = parse(read('deploy', 'prometheus', 'alerts.yaml')) as {
  groups: { rules: Alert[] }[];
};
const alerts = groups.flatMap(({ rules }) => rules);

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}
interface Dashboard {
  readonly panels: readonly Panel[];
  readonly annotations: { readonly list: readonly { readonly expr: string }[] };
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}
const dashboard = JSON.parse(read('deploy', 'grafana', 'callgate.json')) as Dashboard;

const QUERIES: readonly (readonly [where: string, query: string])[] = [
  ...alerts.map(({ alert, expr }) => [`the alert ${alert}`, expr] as const),
  ...dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => [`the panel "${title}"`, expr] as const),
  ),
  ...dashboard.annotations.list.map(({ expr }) => ['the annotation', expr] as const),
  ...dashboard.templating.list.flatMap(({ name, definition }) =>
    definition === undefined ? [] : [[`the variable ${name}`, definition] as const],
  ),
];

/** What Prometheus itself adds to every series. */
const ADDED_LABELS = ['job', 'instance'];
/** Written by Prometheus, not by us. */
const OWN_OF_PROMETHEUS = ['up'];

const METRIC = /\b(up|(?:callgate|nodejs|process)_\w+)\b(?:\{([^}]*)\})?/g;
const MATCHER = /(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g;

interface Selector {
  readonly name: string;
  readonly matchers: readonly (readonly [label: string, operator: string, value: string])[];
}

function selectorsOf(query: string): readonly Selector[] {
  return [...query.matchAll(METRIC)].map(([, name = '', inside = '']) => ({
    name,
    matchers: [...inside.matchAll(MATCHER)].map(
      ([, label = '', operator = '', value = '']) => [label, operator, value] as const,
    ),
  }));
}

/** Labels that the aggregations of a query name. */
function groupingsOf(query: string): readonly string[] {
  return [...query.matchAll(/\b(?:by|on)\s*\(([^)]*)\)/g)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim()),
  );
}

/** What a matcher can be held against: not what a variable of Grafana stands for. */
const isFixed = (value: string): boolean => !value.includes('$');

function fits(
  labels: Readonly<Record<string, string>>,
  [label, operator, value]: Selector['matchers'][number],
) {
  const found = labels[label] ?? '';
  const isMatch = operator.endsWith('~') ? new RegExp(`^(?:${value})$`).test(found) : found === value;
  return isMatch !== operator.startsWith('!');
}

describe('the dashboard and the alerts', () => {
  let metrics: Exposition;
  before(async () => {
    const server = await startTestServer({
      rules: { 'rules.yaml': `lists: { support: [a, b] }\n${NO_MALLORY}` },
    });
    const url = `${server.callbackOrigin}/openim/callbackBeforeAddBlackCommand`;
    for (const ownerUserID of ['alice', 'mallory'])
      await sendJson(url, {
        callbackCommand: 'callbackBeforeAddBlackCommand',
        ownerUserID,
        blackUserID: 'bob',
      });
    metrics = parseExposition((await send(`${server.adminOrigin}/metrics`, { method: 'GET' })).text);
    await server.stop();
  });

  const isKnown = (name: string): boolean =>
    OWN_OF_PROMETHEUS.includes(name) ||
    metrics.samples.has(name) ||
    // Without samples until a rule fails, or garbage is collected.
    metrics.types.has(name) ||
    metrics.types.get(name.replace(/_(bucket|sum|count)$/, '')) === 'histogram';

  it('ask for something at all', () => {
    expect(alerts).to.have.length.above(10);
    expect(QUERIES).to.have.length.above(40);
    for (const [where, query] of QUERIES) expect(selectorsOf(query), where).to.have.length.above(0);
  });

  for (const [where, query] of QUERIES) {
    it(`${where}: its metrics and labels exist`, () => {
      const known = new Set([...ADDED_LABELS, 'le']);
      for (const { name, matchers } of selectorsOf(query)) {
        expect(isKnown(name), name).to.equal(true);
        if (OWN_OF_PROMETHEUS.includes(name)) continue;
        const samples = metrics.samples.get(name) ?? [];
        for (const { labels } of samples) for (const label of Object.keys(labels)) known.add(label);
        if (samples.length === 0) continue;
        const fixed = matchers.filter(([label, , value]) => !ADDED_LABELS.includes(label) && isFixed(value));
        for (const [label] of matchers)
          if (!ADDED_LABELS.includes(label)) expect(samples[0]!.labels, name).to.have.property(label);
        const found = samples.filter(({ labels }) => fixed.every((matcher) => fits(labels, matcher)));
        expect(found, `${name} with ${JSON.stringify(fixed)}`).to.not.deep.equal([]);
      }
      const isWithoutSamples = selectorsOf(query).every(
        ({ name }) => (metrics.samples.get(name) ?? []).length === 0,
      );
      if (!isWithoutSamples) expect([...known]).to.include.members([...groupingsOf(query)]);
    });
  }

  it('name every word of a list of alternatives', () => {
    for (const [where, query] of QUERIES) {
      for (const { name, matchers } of selectorsOf(query)) {
        for (const [label, operator, value] of matchers) {
          if (!operator.endsWith('~') || !isFixed(value)) continue;
          const values = new Set((metrics.samples.get(name) ?? []).map(({ labels }) => labels[label]));
          for (const word of value.split('|')) expect([...values], `${where}: ${word}`).to.include(word);
        }
      }
    }
  });

  it('watch every metric of ours in one of the two', () => {
    const asked = new Set(QUERIES.flatMap(([, query]) => selectorsOf(query).map(({ name }) => name)));
    const family = (name: string): string => name.replace(/_(bucket|sum|count)$/, '');
    const families = new Set([...asked].map(family));
    const ours = [...metrics.types.keys()].filter((name) => name.startsWith('callgate_'));
    expect(ours.filter((name) => !families.has(name) && !asked.has(name))).to.deep.equal([
      // For looking up, not for watching.
      'callgate_rule_files',
      'callgate_last_reload_timestamp_seconds',
      'callgate_rule_problems',
    ]);
  });

  it('have a chapter in the runbook for each alert', () => {
    const headings = read('docs', 'operations.md')
      .split('\n')
      .filter((line) => line.startsWith('### '));
    for (const { alert } of alerts) expect(headings, alert).to.include(`### ${alert}`);
  });

  it('have alerts of their own name, with a severity and a summary', () => {
    expect(new Set(alerts.map(({ alert }) => alert)).size).to.equal(alerts.length);
    for (const { alert, labels, annotations } of alerts) {
      expect(labels.severity, alert).to.be.oneOf(['critical', 'warning']);
      expect(annotations.summary, alert).to.be.a('string').and.not.equal('');
    }
  });

  it('have panels that do not overlap', () => {
    const taken = new Map<string, string>();
    for (const { title, gridPos } of dashboard.panels) {
      const { x, y, w, h } = gridPos;
      expect(x + w, title).to.be.at.most(24);
      for (let column = x; column < x + w; column += 1) {
        for (let row = y; row < y + h; row += 1) {
          const cell = `${column},${row}`;
          expect(taken.get(cell), `${title} on ${cell}`).to.equal(undefined);
          taken.set(cell, title);
        }
      }
    }
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).to.equal(dashboard.panels.length);
  });
});
