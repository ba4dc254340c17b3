/** The tables that the program runs on, as rows: for the commands that print them and for the documentation. */
import { capabilitiesOf, PLATFORM_NAMES, type PlatformName } from '../adapters/index.js';
import type { Capability } from '../engine/capability.js';
import { FACT_NAMES, factDefinition, type FactName, type FactType } from '../engine/facts.js';
import { COMMON_FACTS, KIND_NAMES, KINDS, type Kind, type Stage } from '../engine/kinds.js';
import { OPERANDS, type OperandKind } from '../engine/operand.js';
import { OPERATOR_NAMES, operatorDefinition, type OperatorName } from '../engine/operators.js';

/** What rows are wanted; everything when nothing is named. */
export interface RowFilter {
  readonly platform?: PlatformName;
  readonly kinds?: readonly Kind[];
  readonly stage?: Stage;
}

export interface CommandRow {
  readonly platform: PlatformName;
  readonly command: string;
  readonly kind: Kind;
  readonly stage: Stage;
  readonly reply: {
    readonly refuse: boolean;
    readonly refuseTargets: boolean;
    readonly discard: boolean;
    /** Inclusive range of refusal codes. */
    readonly codes: readonly [min: number, max: number] | null;
    readonly rewrites: readonly FactName[];
  };
  readonly facts: readonly FactName[];
}

/** One row per command of a platform. */
export function commandRows(filter: RowFilter = {}): readonly CommandRow[] {
  return PLATFORM_NAMES.filter((name) => filter.platform === undefined || name === filter.platform).flatMap(
    (platform) =>
      capabilitiesOf(platform)
        .filter((capability) => isWanted(capability, filter))
        .map((capability) => commandRow(platform, capability)),
  );
}

function isWanted({ kind, stage }: Capability, filter: RowFilter): boolean {
  return (
    (filter.kinds === undefined || filter.kinds.includes(kind)) &&
    (filter.stage === undefined || filter.stage === stage)
  );
}

function commandRow(platform: PlatformName, capability: Capability): CommandRow {
  const { command, kind, stage, facts, refuse, refuseTargets, discard, codes, rewrites } = capability;
  const reply = { refuse, refuseTargets, discard, codes, rewrites: [...rewrites] };
  return { platform, command, kind, stage, reply, facts: FACT_NAMES.filter((name) => facts.has(name)) };
}

export interface EventRow {
  readonly kind: Kind;
  readonly meaning: string;
  /** Facts beyond those of every event. */
  readonly facts: readonly FactName[];
  readonly commands: readonly CommandRow[];
}

/** One row per event kind; with a platform or stage, those that it has. */
export function eventRows(filter: RowFilter = {}): readonly EventRow[] {
  const isNarrow = filter.platform !== undefined || filter.stage !== undefined;
  const commands = commandRows(filter);
  return KIND_NAMES.filter((kind) => filter.kinds === undefined || filter.kinds.includes(kind))
    .map((kind) => ({ kind, ...KINDS[kind], commands: commands.filter((row) => row.kind === kind) }))
    .filter((row) => !isNarrow || row.commands.length > 0);
}

/** Facts that every event may carry. */
export const FACTS_OF_ALL: readonly FactName[] = COMMON_FACTS;

export interface FactRow {
  readonly fact: FactName;
  readonly type: FactType;
  readonly meaning: string;
  /** All values, where that set is closed. */
  readonly values: readonly string[] | null;
  /** How many of the commands tell it. */
  readonly commands: Readonly<Record<PlatformName, number>>;
}

/** One row per fact; with a filter, those that a command tells. */
export function factRows(filter: RowFilter = {}): readonly FactRow[] {
  const commands = commandRows(filter);
  const isAll = Object.keys(filter).length === 0;
  return FACT_NAMES.map((fact) => {
    const { type, meaning, values = null } = factDefinition(fact);
    const told = commands.filter(({ facts }) => facts.includes(fact));
    const count = (name: PlatformName): number => told.filter(({ platform }) => platform === name).length;
    return { fact, type, meaning, values, commands: { openim: count('openim'), tencent: count('tencent') } };
  }).filter(({ commands: { openim, tencent } }) => isAll || openim + tencent > 0);
}

export interface OperatorRow {
  readonly operator: OperatorName;
  readonly meaning: string;
  /** Types of facts that it applies to. */
  readonly facts: readonly FactType[];
  /** What `value` must be, in words. */
  readonly wants: string;
  /** Ways to write it, in YAML. */
  readonly written: readonly string[];
}

/** One row per operator. */
export function operatorRows(): readonly OperatorRow[] {
  return OPERATOR_NAMES.map((operator) => {
    const { meaning, facts, operand, otherFact } = operatorDefinition(operator);
    const { wants, example, takesList }: OperandKind = OPERANDS[operand];
    const written = [
      `value: ${example}`,
      ...(takesList ? ['value: { list: name }'] : []),
      ...(otherFact === undefined ? [] : ['value: { fact: name }']),
    ];
    return { operator, meaning, facts, wants, written };
  });
}

/** What a reply can do, in words. @param quote marks names */
export function abilities(
  { refuse, refuseTargets, discard, rewrites, codes }: CommandRow['reply'],
  quote = (name: string): string => name,
): string {
  const words = [
    ...(refuse ? [`refuse${codes === null ? '' : ` (codes ${codes[0]} to ${codes[1]})`}`] : []),
    ...(refuseTargets ? ['refuse single targets'] : []),
    ...(discard ? ['discard'] : []),
    ...(rewrites.length === 0 ? [] : [`rewrite ${rewrites.map(quote).join(', ')}`]),
  ];
  return words.length === 0 ? 'nothing' : words.join('; ');
}
