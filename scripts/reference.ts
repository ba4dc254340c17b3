/** The reference pages of the documentation, made from the tables that the program runs on. */
import { capabilitiesOf, PLATFORM_NAMES, type PlatformName } from '../adapters/index.js';
import type { Capability } from '../engine/capability.js';
import { FACT_NAMES, factDefinition, type FactName } from '../engine/facts.js';
import { COMMON_FACTS, KIND_NAMES, KINDS, type Kind } from '../engine/kinds.js';
import { OPERANDS, type OperandKind } from '../engine/operand.js';
import { OPERATOR_NAMES, operatorDefinition } from '../engine/operators.js';
import { PROBLEM_CODES } from '../engine/problem.js';

const NOTE = 'Made by `npm run docs` from the tables in the source. Do not edit.';

/** File name below docs/reference to content. */
export function referencePages(): ReadonlyMap<string, string> {
  return new Map([
    ['facts.md', factsPage()],
    ['events.md', eventsPage()],
    ['commands.md', commandsPage()],
    ['operators.md', operatorsPage()],
    ['problems.md', problemsPage()],
  ]);
}

type Row = readonly string[];

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function page(title: string, ...parts: readonly string[]): string {
  return `${[`# ${title}`, NOTE, ...parts].join('\n\n')}\n`;
}

const code = (text: string): string => `\`${text}\``;
const codes = (texts: Iterable<string>): string => [...texts].map(code).join(', ');

/** How much of the commands that a fact could come from provide it. */
function providedBy(platform: PlatformName, fact: FactName): string {
  const count = capabilitiesOf(platform).filter(({ facts }) => facts.has(fact)).length;
  return count === 0 ? '-' : `${count} commands`;
}

function factsPage(): string {
  const rows = FACT_NAMES.map((fact) => {
    const { type, meaning, values } = factDefinition(fact);
    const words = values === undefined ? '' : ` One of ${codes(values)}.`;
    return [code(fact), type, meaning + words, ...PLATFORM_NAMES.map((platform) => providedBy(platform, fact))];
  });
  return page(
    'Facts',
    'A `time` is whole milliseconds since 1970. In conditions, ISO 8601 texts are taken as well. A fact that a callback does not carry is absent: every comparison with it is false, and only `exists` sees it. [Events](events.md) says which kinds carry which facts.',
    table(['fact', 'type', 'meaning', ...PLATFORM_NAMES], rows),
  );
}

function eventsPage(): string {
  const sections = KIND_NAMES.map((kind) => {
    const { meaning, facts } = KINDS[kind];
    const rows = PLATFORM_NAMES.flatMap((platform) => commandRows(platform, kind));
    const own = facts.length === 0 ? 'No facts beyond the common ones.' : `Facts: ${codes(facts)}.`;
    return [`## ${kind}`, meaning, own, table(['platform', 'command', 'stage', 'the reply can'], rows)].join('\n\n');
  });
  return page('Events', `Every event may carry ${codes(COMMON_FACTS)}.`, ...sections);
}

function commandRows(platform: PlatformName, kind: Kind): readonly Row[] {
  return capabilitiesOf(platform)
    .filter((capability) => capability.kind === kind)
    .map((capability) => [platform, code(capability.command), capability.stage, abilities(capability)]);
}

function abilities({ refuse, refuseTargets, discard, rewrites, codes: range }: Capability): string {
  const words = [
    ...(refuse ? [`refuse${range === null ? '' : ` (codes ${range[0]} to ${range[1]})`}`] : []),
    ...(refuseTargets ? ['refuse single targets'] : []),
    ...(discard ? ['discard'] : []),
    ...(rewrites.size === 0 ? [] : [`rewrite ${codes(rewrites)}`]),
  ];
  return words.length === 0 ? 'nothing' : words.join('; ');
}

function commandsPage(): string {
  const sections = PLATFORM_NAMES.map((platform) => {
    const rows = capabilitiesOf(platform).map((capability) => [
      code(capability.command),
      code(capability.kind),
      capability.stage,
      abilities(capability),
    ]);
    return [`## ${platform}`, table(['command', 'event kind', 'stage', 'the reply can'], rows)].join('\n\n');
  });
  return page('Commands', ...sections);
}

function operatorsPage(): string {
  const rows = OPERATOR_NAMES.map((name) => {
    const { meaning, facts, operand, otherFact } = operatorDefinition(name);
    const { wants, example, takesList }: OperandKind = OPERANDS[operand];
    const forms = [`\`value: ${example}\``, ...(takesList ? ['`value: { list: name }`'] : [])];
    const others = otherFact === undefined ? forms : [...forms, '`value: { fact: name }`'];
    return [code(name), meaning, facts.join(', '), wants, others.join(' or ')];
  });
  return page(
    'Operators',
    'An absent fact makes every operator false except `exists`.',
    table(['operator', 'meaning', 'facts', 'value', 'written'], rows),
  );
}

function problemsPage(): string {
  const rows = Object.entries(PROBLEM_CODES).map(([name, meaning]) => [code(name), meaning]);
  return page('Problems', 'The codes of mistakes in rule files and in config.yaml.', table(['code', 'meaning'], rows));
}
