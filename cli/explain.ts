/** `callgate explain`: why a callback is answered as it is. */
import { InvalidArgumentError, type Command } from 'commander';
import { hintFor } from '../engine/nearest.js';
import { withEntries } from '../engine/live/given-entries.js';
import type { TracedRule } from '../engine/trace.js';
import { explanationData } from './explain/data.js';
import { explainFacts, explainRequest, type Explanation } from './explain/explanation.js';
import { factsOf, readInput, requestOf, type RequestOptions } from './explain/input.js';
import { readListed } from './explain/listed.js';
import { readRemembered } from './explain/remembered.js';
import { reportExplanation } from './explain/report.js';
import { paintFor } from './suite/style.js';
import { orUserError, UserError } from './suite/user-error.js';
import { openWorkbench, type Workbench } from './suite/workbench.js';

interface ExplainOptions extends RequestOptions {
  readonly config?: string;
  readonly rules?: string;
  readonly facts?: string;
  readonly given?: readonly string[];
  readonly list?: readonly string[];
  readonly rule?: string;
  readonly clock?: number;
  readonly json?: true;
}

export function registerExplain(program: Command): void {
  program
    .command('explain')
    .description('Tell why a callback is answered as it is: facts, rules, conditions, decision, reply.')
    .argument('[file]', 'JSON body of a callback; `-` or nothing: standard input')
    .option('--facts <file>', 'facts in YAML instead of a body, event.kind among them; `-`: standard input')
    .option('--given <value>', 'a count, strikes or a label: count.NAME=21; may be repeated', collect)
    .option('--list <name=entry>', 'an entry of a live list; may be repeated', collect)
    .option('--app <id>', 'app that is called (default: the one that can read the body)')
    .option('--command <name>', 'wire name of the command, where the body does not have it')
    .option('--url <url>', 'URL that was called, with its parameters')
    .option('--header <header>', 'an HTTP header, "Name: value"; may be repeated', collect)
    .option('--rule <id>', 'only this rule: why does it match, or not')
    .option('--clock <time>', 'moment of arrival in ISO 8601 (default: now)', readTime)
    .option('--json', 'print JSON')
    .option('--config <file>', 'configuration file (default: config.yaml here, else the shipped one)')
    .option('--rules <folder>', 'rules folder, instead of the configured one')
    .addHelpText('after', EXAMPLES)
    .action((file: string | undefined, options: ExplainOptions) => orUserError(() => explain(file, options)));
}

const EXAMPLES = `
Examples:
  callgate explain body.json
  callgate explain body.json --url '/tencent?SdkAppid=1400000000&ClientIP=192.0.2.1'
  echo '{ event.kind: block.add, target.id: support_1 }' | callgate explain --facts -
  callgate explain body.json --rule support-stays-reachable
  callgate explain body.json --given count.messages_per_minute=21 --given label.muted=true

✓ is true, ✗ is false, · was not reached. Signatures and secrets are not checked. What rules remember is
absent and live lists are empty unless it is given otherwise: no running gate is asked.`;

function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

function readTime(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new InvalidArgumentError('Expected an ISO 8601 time such as 2026-01-03T15:30:00Z.');
  return time;
}

async function explain(file: string | undefined, options: ExplainOptions): Promise<void> {
  if (file !== undefined && options.facts !== undefined) {
    throw new UserError('Name a body or --facts, not both.');
  }
  const bench = await openWorkbench(options);
  const focus = options.rule === undefined ? undefined : ruleNamed(options.rule, bench);
  const text = await withEntries(readListed(options.list ?? [], bench.rules.lists), async () => {
    const explanation = await explanationOf(file, options, bench);
    return options.json === true
      ? JSON.stringify(await explanationData(explanation, bench, focus), null, 2)
      : reportExplanation(explanation, bench, paintFor(process.stdout, process.env), focus);
  });
  process.stdout.write(`${text}\n`);
}

async function explanationOf(
  file: string | undefined,
  options: ExplainOptions,
  bench: Workbench,
): Promise<Explanation> {
  const { facts, clock = Date.now() } = options;
  const given = readRemembered(options.given ?? [], bench);
  if (facts !== undefined) {
    const file = facts === '-' ? 'facts' : facts;
    return explainFacts(bench, factsOf(readInput(facts), file, clock, bench.rules), given);
  }
  return explainRequest(bench, requestOf(readInput(file), options, bench.apps, clock), given);
}

function ruleNamed(id: string, { rules: { rules } }: Workbench): TracedRule {
  const found = rules.find(({ rule }) => rule.id === id);
  if (found !== undefined) return found;
  const hint = hintFor(
    id,
    rules.map(({ rule }) => rule.id),
  );
  throw new UserError(`--rule: there is no rule \`${id}\`. ${hint}`);
}
