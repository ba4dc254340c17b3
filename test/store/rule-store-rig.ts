import { createHash } from 'node:crypto';
import { NO_MEMORY } from '../../engine/memory.js';
import type { CompileResult, RuleFolder, RuleSummary } from '../../engine/rule-set.js';
import { createFolderOrigin } from '../../store/folder-origin.js';
import {
  createRuleStore,
  type Reload,
  type RuleStore,
  type RuleStoreOptions,
} from '../../store/rule-store.js';
import { createStubLoader } from './stub-loader.js';
import { createTempFolder, type TempFolder } from './temp-folder.js';

/** Stands for the engine: a file's data is `{ rules: [id] }`; the id `broken` is a mistake, `doubtful` a warning. */
export function compileStub({ documents, texts }: RuleFolder): CompileResult {
  const found = documents.flatMap(({ file, data }) => {
    const { rules = [] } = (data ?? {}) as { rules?: readonly string[] };
    return rules.map((id, index) => ({ file, id, index }));
  });
  const problems = found
    .filter(({ id }) => id === 'broken' || id === 'doubtful' || id === 'lost')
    .map(({ file, id, index }) => ({
      code: id === 'lost' ? ('unknown-list' as const) : ('wrong-value' as const),
      severity: id === 'doubtful' ? ('warning' as const) : ('error' as const),
      file,
      path: ['rules', index],
      message: `It is ${id}.`,
    }));
  if (problems.some(({ severity }) => severity === 'error')) return { ruleSet: null, problems };
  const rules = found.map(({ file, id }): RuleSummary => ({
    id,
    file,
    mode: id.startsWith('shadow') ? 'shadow' : id.startsWith('off') ? 'off' : 'enforce',
    kinds: [],
    stages: [],
  }));
  const content = JSON.stringify([documents, [...texts]]);
  return {
    problems,
    ruleSet: {
      revision: createHash('sha256').update(content).digest('hex').slice(0, 12),
      rules,
      files: documents.length,
      lists: texts.size,
      listSizes: new Map(),
      liveLists: [],
      memory: NO_MEMORY,
      decide: () => Promise.reject(new Error('not asked here')),
    },
  };
}

/** A rules folder below a folder of its own, a store on it, and its reloads. */
export interface Rig {
  /** The folder that the rules folder lies in; its name is `rules`. */
  readonly parent: TempFolder;
  readonly store: RuleStore;
  readonly reloads: readonly Reload[];
  readonly errors: readonly unknown[];
  /** Writes a rule file with these rules. */
  rules(file: string, ...ids: readonly string[]): void;
  /** IDs of the rules in force. */
  inForce(): readonly string[];
  /** Resolves with the next reload that fits. */
  until(fits: (reload: Reload) => boolean): Promise<Reload>;
  /** Resolves when exactly these rules are in force. */
  untilRules(...ids: readonly string[]): Promise<void>;
  dispose(): Promise<void>;
}

export function ruleFile(...ids: readonly string[]): string {
  return `rules:\n${ids.map((id) => `  - ${id}\n`).join('')}`;
}

export interface RigOptions extends Partial<RuleStoreOptions> {
  readonly compile?: Parameters<typeof createStubLoader>[0];
}

export function createRig({ compile = compileStub, ...options }: RigOptions = {}): Rig {
  const parent = createTempFolder();
  const errors: unknown[] = [];
  const store = createRuleStore({
    origin: createFolderOrigin(parent.at('rules')),
    loader: createStubLoader(compile),
    onError: (error) => errors.push(error),
    ...options,
  });
  const reloads: Reload[] = [];
  let notify = (): void => undefined;
  store.onReload((reload) => {
    reloads.push(reload);
    notify();
  });
  const inForce = (): readonly string[] => store.current()?.rules.map(({ id }) => id) ?? [];
  const when = async (holds: () => boolean): Promise<void> => {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        notify = resolve;
      });
    }
  };
  return {
    parent,
    store,
    reloads,
    errors,
    rules: (file, ...ids) => parent.write(`rules/${file}`, ruleFile(...ids)),
    inForce,
    async until(fits) {
      const before = reloads.length;
      const find = (): Reload | undefined => reloads.slice(before).find(fits);
      await when(() => find() !== undefined);
      return find()!;
    },
    untilRules: (...ids) => when(() => JSON.stringify(inForce()) === JSON.stringify(ids)),
    async dispose() {
      await store.close();
      parent.remove();
    },
  };
}
