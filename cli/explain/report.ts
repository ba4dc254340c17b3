/** An explanation for people. */
import type { Ruling } from '../../engine/decision.js';
import { rewrittenFacts } from '../../engine/effects.js';
import type { Event, SyncFactSource } from '../../engine/event.js';
import { FACT_NAMES } from '../../engine/facts.js';
import type { RuleTrace, TargetTrace, TracedRule } from '../../engine/trace.js';
import { printable } from '../../store/code-frame.js';
import type { Paint } from '../suite/style.js';
import type { Workbench } from '../suite/workbench.js';
import type { Explanation } from './explanation.js';
import { rememberedOf, rememberedText } from './remembered.js';
import { mark, treeLines } from './tree.js';
import { fateOf, storyOf } from './why.js';
import { showFact } from './words.js';

/** The whole story; with a rule, its part in it. */
export async function reportExplanation(
  explanation: Explanation,
  bench: Workbench,
  paint: Paint,
  focus?: TracedRule,
): Promise<string> {
  const { event, traces } = explanation;
  const parts = [callbackText(explanation, paint)];
  if (event !== undefined) {
    if (focus === undefined) parts.push(factsText(event, paint));
    parts.push(...rememberedText(rememberedOf(event, bench, focus), paint));
    for (const [index, trace] of traces.entries()) {
      const heading = targetHeading(event, index, paint);
      parts.push(
        focus === undefined
          ? rulesText(heading, trace, bench, paint)
          : await focusText(heading, focus, event, index, trace, bench, paint),
      );
    }
  }
  parts.push(decisionText(explanation, paint));
  if (focus === undefined) parts.push(...replyText(explanation, paint));
  return parts.join('\n\n');
}

function callbackText({ app, callback, event, isCallerUnchecked }: Explanation, paint: Paint): string {
  const lines: string[] = [];
  if (callback !== undefined && app !== undefined) {
    const { command, wireCommand, outcome } = callback;
    const alias = wireCommand !== undefined && wireCommand !== command ? ` (sent as ${wireCommand})` : '';
    lines.push(
      `${paint('bold', 'Callback')}  ${printable(command ?? 'unknown command')}${printable(alias)} to the app ${app.id} (${app.platform})`,
    );
    if (outcome.type === 'failure') {
      lines.push(
        paint('red', `It cannot be read: ${outcome.failure.cause}: ${printable(outcome.failure.message)}.`),
      );
    } else if (outcome.type === 'unknown-command') {
      lines.push(paint('yellow', 'No such command is known: it is let through, and no rule is asked.'));
    } else if (outcome.type === 'exempt') {
      lines.push(paint('yellow', `It is ${outcome.reason}: it is let through, and no rule is asked.`));
    }
  }
  if (isCallerUnchecked)
    lines.push('Who calls (signature, secret) is not checked here; the server checks it.');
  if (event !== undefined) {
    const { length } = event.targets;
    const targets = length === 0 ? '' : `, ${length} ${length === 1 ? 'target' : 'targets'}`;
    lines.push(`${paint('bold', 'Event')}  ${event.kind} (${event.stage})${targets}`);
  }
  return lines.join('\n');
}

function factsText({ facts, targets }: Event, paint: Paint): string {
  const shared = factLines(facts);
  const own = targets
    .slice(1)
    .flatMap((target, index) => [
      `  ${paint('dim', `target ${index + 2} differs in`)}`,
      ...factLines(target.facts).filter((line) => !shared.includes(line)),
    ]);
  return [paint('bold', 'Facts'), ...shared, ...own].join('\n');
}

function factLines(facts: SyncFactSource): readonly string[] {
  const present = FACT_NAMES.filter((name) => facts.get(name) !== undefined);
  const width = Math.max(0, ...present.map((name) => name.length));
  return present.map((name) => `  ${name.padEnd(width)}  ${showFact(name, facts.get(name))}`);
}

function targetHeading({ targets }: Event, index: number, paint: Paint): string {
  const target = targets[index];
  const name =
    target === undefined ? '' : ` on target ${index + 1} of ${targets.length}: ${printable(target.id)}`;
  return paint('bold', `Rules${name}`);
}

function rulesText(heading: string, trace: TargetTrace, bench: Workbench, paint: Paint): string {
  if (trace.rules.length === 0) return `${heading}\n  No rule is on this kind and stage.`;
  const texts = trace.rules.map((rule, index) => ruleText(rule, index + 1, trace, bench, paint));
  return [heading, ...texts].join('\n');
}

function ruleText(
  rule: RuleTrace,
  number: number,
  trace: TargetTrace,
  bench: Workbench,
  paint: Paint,
): string {
  const { traced, state, finding } = rule;
  const isJudged = state === 'matched' || state === 'unmatched';
  const { id, mode, priority, node } = traced.rule;
  const head = `  ${number}. ${paint('bold', id)}  ${paint('dim', `priority ${priority}, ${mode}, ${bench.placeOf(node)}`)}`;
  const tree =
    traced.when === undefined
      ? [`     ${mark(isJudged ? true : undefined, paint)} always`]
      : treeLines(traced.when, isJudged ? finding : undefined, paint, '     ');
  const fate = fateOf(rule, trace);
  return [head, ...tree, `     ${state === 'matched' ? paint('cyan', fate) : fate}`].join('\n');
}

async function focusText(
  heading: string,
  focus: TracedRule,
  event: Event,
  index: number,
  trace: TargetTrace,
  bench: Workbench,
  paint: Paint,
): Promise<string> {
  const story = await storyOf(bench, focus, event, trace, index);
  const found = trace.rules.find(({ traced }) => traced === focus);
  const tree =
    focus.when === undefined || found === undefined ? [] : treeLines(focus.when, found.finding, paint, '  ');
  const where = paint('dim', `  ${bench.placeOf(focus.rule.node)}`);
  return [
    heading,
    where,
    ...story.flatMap((text) => text.split('\n')).map((line) => `  ${line}`),
    ...(tree.length === 0 ? [] : ['', ...tree]),
  ].join('\n');
}

function decisionText(explanation: Explanation, paint: Paint): string {
  const { event, decision } = explanation;
  const lines = decision.rulings.flatMap((ruling, index) => {
    const target = event?.targets[index];
    const facts = target?.facts ?? event?.facts ?? new Map();
    const prefix = target === undefined ? '' : `${printable(target.id)}: `;
    return [
      `  ${prefix}${verdictText(ruling, explanation)}`,
      ...effectLines(ruling, facts).map((line) => `    ${line}`),
    ];
  });
  return [`${paint('bold', 'Decision')}  ${paint('dim', `revision ${decision.revision}`)}`, ...lines].join(
    '\n',
  );
}

function verdictText(
  { verdict, decidedBy }: Ruling,
  { event, app, defaultVerdict, callback }: Explanation,
): string {
  if (decidedBy !== null) return `${verdict}, by ${decidedBy}`;
  if (event === undefined) {
    return callback?.outcome.type === 'failure'
      ? `${verdict}, the failure policy (onFailure) of the app ${app?.id ?? ''}`
      : `${verdict}, without asking a rule`;
  }
  const whose = app === undefined ? '' : ` of the app ${app.id}`;
  return `${defaultVerdict}: no rule gave a verdict, so the default${whose} holds`;
}

function effectLines(
  { refusal, rewrites, tags, notify, strikes, labels, errors }: Ruling,
  facts: SyncFactSource,
): readonly string[] {
  const told =
    refusal === null ? [] : [`reason ${refusal.reason}, message ${JSON.stringify(refusal.message)}`];
  const changed = [...rewrittenFacts(rewrites, facts)].map(
    ([fact, value]) =>
      `rewrites ${fact}: ${showFact(fact, facts.get(fact))} becomes ${showFact(fact, value)}`,
  );
  return [
    ...told,
    ...changed,
    ...(tags.length === 0 ? [] : [`tags ${tags.join(', ')}`]),
    ...(notify.length === 0 ? [] : [`notifies ${notify.join(', ')}`]),
    ...(strikes.length === 0 ? [] : [`gives a strike on ${strikes.join(', ')}`]),
    ...(labels.length === 0 ? [] : [`gives the label ${labels.join(', ')}`]),
    ...errors.map(({ rule, message }) => `error in ${rule}: ${message}`),
  ].map(printable);
}

function replyText({ app, callback, reply, event }: Explanation, paint: Paint): readonly string[] {
  if (callback === undefined || reply === undefined) return [];
  const notes = [
    ...(event?.stage === 'after' ? ['sent before the rules are asked'] : []),
    ...(app?.enforce === false ? [`the app ${app.id} only observes (enforce: false)`] : []),
  ];
  const short = reply.shortfalls.map(({ effect, reason }) =>
    paint('yellow', `  ${printable(`${effect} cannot be carried: ${reason}`)}`),
  );
  const body = JSON.stringify(reply.body, null, 2)
    .split('\n')
    .map((line) => `  ${printable(line)}`);
  return [
    [
      `${paint('bold', 'Reply')}${paint('dim', notes.map((note) => `  ${note}`).join(','))}`,
      ...body,
      ...short,
    ].join('\n'),
  ];
}
