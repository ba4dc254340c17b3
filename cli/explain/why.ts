/** Why a rule did not decide, in sentences. */
import type { Event } from '../../engine/event.js';
import type { Finding } from '../../engine/finding.js';
import type { Rule } from '../../engine/parse/rules.js';
import { findOn, isOn, type RuleTrace, type TargetTrace, type TracedRule } from '../../engine/trace.js';
import type { Workbench } from '../suite/workbench.js';
import { blame } from './blame.js';
import { showLeaf, showValues } from './words.js';

/** Kinds and stages of a rule: `block.add before`. */
export function eventsOf({ kinds, stages }: Rule): string {
  const many =
    kinds.length > 4 ? `${kinds.slice(0, 4).join(', ')} and ${kinds.length - 4} more` : kinds.join(', ');
  return `${many} (${stages.join(' and ')})`;
}

/** The story of one rule on one target: what became of it, then what kept it from matching. */
export async function storyOf(
  bench: Pick<Workbench, 'placeOf'>,
  traced: TracedRule,
  event: Event,
  target: TargetTrace,
  index: number,
): Promise<readonly string[]> {
  const { rule } = traced;
  if (!isOn(rule, event)) {
    const finding = await findOn(traced, event.targets[index]?.facts ?? event.facts);
    return [
      `${rule.id} is not asked: it is on ${eventsOf(rule)}, and this is ${event.kind} (${event.stage}).`,
      ...conditionStory(bench, traced, finding),
    ];
  }
  const trace = target.rules.find((one) => one.traced === traced);
  return trace === undefined ? [] : [fateOf(trace, target), ...conditionStory(bench, traced, trace.finding)];
}

/** What became of a rule, in a sentence. */
export function fateOf({ traced: { rule }, state, error }: RuleTrace, { ruling }: TargetTrace): string {
  const { id, mode, effects } = rule;
  switch (state) {
    case 'off':
      return `${id} is not asked: its mode is off.`;
    case 'late':
      return `${id} is not asked: ${ruling.decidedBy ?? 'another rule'} had decided before.`;
    case 'cooling':
      return `${id} does not match again yet: its cool-down is not over.`;
    case 'failed':
      return `${id} could not be judged: ${error ?? 'unknown error'}.`;
    case 'unmatched':
      return `${id} does not match.`;
    case 'matched':
      if (mode === 'shadow')
        return `${id} matches in shadow: it changes nothing, and would ${intentOf(ruling, id)}.`;
      if (ruling.decidedBy === id) return `${id} matches and decides: ${ruling.verdict}.`;
      return effects.verdict === null
        ? `${id} matches; it has no verdict, so judging goes on.`
        : `${id} matches, and does not decide.`;
  }
}

/** What a shadow rule would have done: `refuse, tag spam`. */
function intentOf({ matched }: TargetTrace['ruling'], id: string): string {
  const would = matched.find(({ rule }) => rule === id)?.would;
  if (would === undefined) return 'do nothing';
  const { verdict, rewrites, tags, notify, strikes = [], labels = [] } = would;
  const parts = [
    verdict ?? [],
    rewrites.map((fact) => `rewrite ${fact}`),
    tags.map((tag) => `tag ${tag}`),
    notify.map((name) => `notify ${name}`),
    strikes.map((name) => `give a strike on ${name}`),
    labels.map((name) => `give the label ${name}`),
  ];
  return parts.flat().join(', ');
}

function conditionStory(
  { placeOf }: Pick<Workbench, 'placeOf'>,
  { when }: TracedRule,
  finding: Finding | undefined,
): readonly string[] {
  if (finding === undefined) return [];
  if (finding.holds === true || when === undefined) return ['Its condition holds.'];
  const blamed = blame(when, finding);
  const heading =
    blamed.length === 1
      ? 'It would match if this were otherwise:'
      : 'It would match if all of these were otherwise:';
  const lines = blamed.map(({ leaf, finding: found }) => {
    const place = placeOf(leaf.node);
    const truth = found.holds === true ? 'true (within a not)' : 'false';
    return `  ${place}  ${showLeaf(leaf)}\n    is ${truth}: ${showValues(leaf.leaf, found)}`;
  });
  return [heading, ...lines];
}
