/**
 * The protocols as the vendors and server sources state them, distilled into test/fixtures/catalog, and
 * what a reader of those documents expects of each example body. Nothing here comes from the adapters.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { JsonObject } from '../../adapters/adapter.js';
import { isJsonObject } from '../../adapters/path.js';
import type { FactName, FactValue } from '../../engine/facts.js';
import type { Kind, Stage } from '../../engine/kinds.js';
import { fixturePath, readJsonFixture } from '../support/paths.js';

export type PlatformName = 'openim' | 'tencent';

/** A field that a reply may have. */
export interface ReplyField {
  readonly type: string;
  /**
   * What the platform does with it. `assigned`: taken over even when absent, so it must be echoed;
   * `appliedIfNonEmpty`: an empty list changes nothing, so it cannot mean "nobody".
   */
  readonly effect: 'verdict' | 'applied' | 'appliedIfNonEmpty' | 'assigned' | 'ignored';
  readonly required?: boolean;
  readonly nullable?: boolean;
}

/** How a reply refuses some of several targets: it lists those kept, those refused, or a verdict for each. */
export interface PartialRefusal {
  readonly field: string;
  readonly form: 'kept' | 'refused' | 'verdicts';
}

/** One command of a platform. Paths are dotted, `[]` stands for the elements of an array. */
export interface CommandSpec {
  readonly aliases?: readonly string[];
  readonly stage: Stage;
  /** Fields with the acting user, those acted upon, and the group. */
  readonly subject: {
    readonly actor: string | null;
    readonly targets: readonly string[];
    readonly group: string | null;
  };
  /** Type of each field of the body. */
  readonly request: Readonly<Record<string, string>>;
  readonly nullable?: readonly string[];
  readonly reply: Readonly<Record<string, ReplyField>>;
  readonly mustEcho?: readonly string[];
  /** Harmful when copied from the request, fine when a rule sets it. */
  readonly mustNotEcho?: readonly string[];
  /** Crashes the platform. */
  readonly mustNotSend?: readonly string[];
  /** Crashes the platform unless the request has a value there. */
  readonly onlyWhenRequested?: readonly string[];
  readonly partial?: PartialRefusal;
  readonly codes: {
    readonly level: string;
    readonly refuse: number | null;
    readonly discard: number | null;
    readonly customRange: readonly [number, number] | null;
  };
  readonly urlParameters?: readonly string[];
}

/** Facts with their values; `null` means that the fact must be absent. */
export type ExpectedFacts = { readonly [F in FactName]?: FactValue | null };

/** What must come out of a rewrite of one fact, for the first target where there are several. */
export interface RewriteExpectation {
  readonly set: FactValue;
  /** Fields of the reply beyond those of a plain allow. */
  readonly reply: JsonObject;
  /** The same when every piece of text is put in square brackets instead. */
  readonly edited?: JsonObject;
  /** Whether the example's request makes this rewrite impossible, which must be reported. */
  readonly isShort?: boolean;
}

/** What the example body of a command must become. */
export interface Expectation {
  readonly kind: Kind;
  readonly stage: Stage;
  readonly actor: string | null;
  readonly targets: readonly string[];
  readonly group: string | null;
  readonly text: string | null;
  readonly facts?: ExpectedFacts;
  readonly absent?: readonly FactName[];
  /** Facts as each target sees them; there exactly where every target is judged by itself. */
  readonly each?: readonly ExpectedFacts[];
  /** IDs of what is judged one by one, where these are not `targets`: empty for records that are no users. */
  readonly judged?: readonly string[];
  /**
   * Every fact that the reply can replace, but for those by which a reply could raise somebody's rights
   * behind the platform's checks: roles of members, levels of users, other groups and receivers.
   */
  readonly rewrites?: { readonly [F in FactName]?: RewriteExpectation };
}

/** A body beside the example: its name, and the facts that are worth a look. */
export interface Variant {
  readonly name: string;
  readonly body: JsonObject;
  readonly facts: ExpectedFacts;
}

/** Everything that the contract needs to know about a command. */
export interface CatalogEntry {
  readonly command: string;
  readonly spec: CommandSpec;
  readonly expected: Expectation;
  readonly example: JsonObject;
  /** Further bodies, with optional fields that the example lacks or other values. */
  readonly variants: readonly Variant[];
}

/** The closed words of one field: what stands on the wire, and the fact that it becomes. */
export interface Words {
  readonly command: string;
  /** A path of the body, or `?` and the name of a URL parameter. */
  readonly field: string;
  readonly fact: FactName;
  readonly values: readonly (readonly [wire: string | number, fact: FactValue])[];
}

interface Committed<T> {
  readonly commands: Readonly<Record<string, T>>;
  readonly variants?: Readonly<Record<string, Readonly<Record<string, ExpectedFacts>>>>;
  readonly words?: readonly Words[];
}

// The files are committed beside this code and have no other reader, so their shape is taken on trust;
// a slip in them shows as a failing test.
function committed<T>(file: string): Committed<T> {
  return readJsonFixture('catalog', file) as Committed<T>;
}

function readBody(platform: PlatformName, file: string): JsonObject {
  const body: unknown = JSON.parse(readFileSync(fixturePath('callbacks', platform, file), 'utf8'));
  if (!isJsonObject(body)) throw new Error(`${file} is not a JSON object`);
  return body;
}

/** The enumerations of a platform's fields. */
export function wordsOf(platform: PlatformName): readonly Words[] {
  return committed<Expectation>(`expected-${platform}.json`).words ?? [];
}

/** The whole catalog of a platform, in its documents' order. */
export function catalogOf(platform: PlatformName): readonly CatalogEntry[] {
  const specs = committed<CommandSpec>(`${platform}.json`).commands;
  const { commands: expectations, variants: told = {} } = committed<Expectation>(`expected-${platform}.json`);
  const files = readdirSync(fixturePath('callbacks', platform)).sort();
  return Object.entries(specs).map(([command, spec]) => {
    const expected = expectations[command];
    if (expected === undefined) throw new Error(`nothing is expected of ${command}`);
    const variants = files
      .filter((file) => file.startsWith(`${command}.`) && file !== `${command}.json`)
      .map((file): Variant => {
        const name = file.slice(command.length + 1, -'.json'.length);
        return { name, body: readBody(platform, file), facts: told[command]?.[name] ?? {} };
      });
    return { command, spec, expected, example: readBody(platform, `${command}.json`), variants };
  });
}
