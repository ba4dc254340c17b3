import type { CompileResult, RuleFolder } from '../../engine/rule-set.js';
import { compileReading } from '../../store/compile-reading.js';
import type { RuleLoader } from '../../store/rule-loader.js';
import { readRulesFolder } from '../../store/rules-folder.js';

/** Loads a folder here and now, with a stand-in for the engine. Knows of nothing that was kept. */
export function createStubLoader(
  compile: (folder: RuleFolder) => CompileResult | Promise<CompileResult>,
): RuleLoader {
  return {
    async load({ source }) {
      if (source.type !== 'folder') return { ruleSet: null, problems: [], folder: null, savedAt: null };
      const reading = await readRulesFolder(source.path);
      const { ruleSet, problems } = await compileReading(reading, compile);
      return { ruleSet, problems, folder: reading.listing, savedAt: null };
    },
    close: () => Promise.resolve(),
  };
}
