/** Runs the examples of rules: a rule that fails its own examples never goes live. */
import { rewrittenFacts } from '../effects.js';
import { compileRule } from '../compiled-rule.js';
import { decide } from '../decide.js';
import { createRuleIndex } from '../index/rule-index.js';
import type { Ruling } from '../decision.js';
import type { JudgedEvent } from '../event.js';
import type { FactName, FactValue } from '../facts.js';
import { withEntries } from '../live/given-entries.js';
import { NO_MEMORY } from '../memory.js';
import { planMemory } from '../memory-plan.js';
import { problemAt, type Report } from '../parse/node.js';
import type { Example, Expectation } from '../parse/examples.js';
import type { Rule } from '../parse/rules.js';

/** Judges each example by its rule alone and reports those that come out otherwise. */
export async function checkExamples(rule: Rule, report: Report): Promise<void> {
  if (rule.examples.length === 0) return;
  const enforced = compileRule({ ...rule, mode: 'enforce' });
  const alone = { ruleAt: () => enforced, index: createRuleIndex([rule]), plan: NO_PLAN };
  for (const example of rule.examples) {
    const event = eventOfExample(rule, example);
    // Masks look into live lists when they are applied, so that comparing belongs to it.
    const mismatch = await withEntries(example.lists, async () => {
      const [ruling] = (await decide(alone, event, POLICY, '')).rulings;
      return ruling === undefined
        ? 'it could not be judged'
        : compareWith(example.expect, ruling, event.facts);
    });
    if (mismatch !== undefined) {
      report(
        problemAt(example.node, 'example-failed', `An example of \`${rule.id}\` fails: ${mismatch}.`, {
          hint: 'Correct the example, or the rule. Facts that are not given are absent.',
        }),
      );
    }
  }
}

const NO_PLAN = planMemory(NO_MEMORY);
const POLICY = { default: 'allow', onFailure: 'allow' } as const;

/** The event of an example: the first kind and stage of its rule, and the given facts. */
export function eventOfExample(
  rule: Rule,
  example: Example,
): JudgedEvent & { readonly facts: ReadonlyMap<FactName, FactValue> } {
  const facts = factsOfExample(rule, example);
  return { kind: kindOf(rule), stage: stageOf(rule), facts, targets: [] };
}

function kindOf(rule: Rule): Rule['kinds'][number] {
  return rule.kinds[0] ?? 'message.send';
}

function stageOf(rule: Rule): Rule['stages'][number] {
  return rule.stages[0] ?? 'before';
}

function factsOfExample(rule: Rule, { given }: Example): ReadonlyMap<FactName, FactValue> {
  return new Map<FactName, FactValue>([
    ['event.kind', kindOf(rule)],
    ['event.stage', stageOf(rule)],
    ...given,
  ]);
}

/** @returns what differs, in words */
function compareWith(
  expect: Expectation,
  ruling: Ruling,
  facts: ReadonlyMap<FactName, FactValue>,
): string | undefined {
  const [error] = ruling.errors;
  if (error !== undefined) return `judging it failed: ${error.message}`;
  const matches = ruling.matched.length > 0;
  if (matches !== expect.matches) return matches ? 'the rule matches' : 'the rule does not match';
  const verdict = ruling.decidedBy === null ? 'none' : ruling.verdict;
  if (expect.verdict !== undefined && expect.verdict !== verdict) {
    return verdict === 'none' ? 'the rule gives no verdict' : `the verdict is ${verdict}`;
  }
  const message = ruling.refusal?.message ?? '';
  if (expect.message !== undefined && expect.message !== message) return `the message is "${message}"`;
  for (const words of ['tags', 'strikes', 'labels'] as const) {
    const wanted = expect[words];
    if (wanted === undefined || isSame([...ruling[words]].sort(), [...wanted].sort())) continue;
    return `the ${words} are [${ruling[words].join(', ')}]`;
  }
  const rewritten = rewrittenFacts(ruling.rewrites, facts);
  for (const [fact, wanted] of expect.rewrites ?? []) {
    if (!rewritten.has(fact)) return `\`${fact}\` is not rewritten`;
    const value = rewritten.get(fact);
    if (!isSame(value, wanted)) return `\`${fact}\` becomes ${JSON.stringify(value)}`;
  }
  return undefined;
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
