import { expect } from 'chai';
import { ESLint } from 'eslint';
import { projectRoot } from '../support/paths.js';

/**
 * The project's own configuration, without the rules that need types: they would have to read the whole
 * program, and the files named here do not exist.
 */
const eslint = new ESLint({
  cwd: projectRoot,
  overrideConfig: {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: false } },
  },
  ruleFilter: ({ ruleId }) => ruleId.startsWith('no-restricted-'),
});

async function complaints(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: file });
  return result!.messages.map(({ ruleId, message }) => ruleId ?? message);
}

const imports = (module: string): string => `import { x } from '${module}';\nexport const y = x;\n`;

const REFUSED: Readonly<Record<string, readonly string[]>> = {
  'engine/some.ts': [
    'node:fs',
    'node:fs/promises',
    'fs',
    'fs/promises',
    'node:http',
    'node:net',
    'node:process',
    'node:child_process',
    'json-rules-engine',
    'yaml',
    'koa',
    'pino',
    '../adapters/adapter.js',
    '../adapters/openim/app.js',
    '../store/source.js',
    '../server/start.js',
    '../cli/main.js',
    '../test/support/paths.js',
  ],
  'engine/check/some.ts': ['../../adapters/adapter.js', 'json-rules-engine', 'node:fs'],
  'engine/judge.ts': ['node:fs', 'yaml', '../store/source.js'],
  'adapters/some.ts': [
    '../store/source.js',
    '../server/start.js',
    'koa',
    'yaml',
    'json-rules-engine',
    'node:fs',
  ],
  'adapters/openim/some.ts': ['../tencent/app.js', '../../store/source.js', 'koa', 'yaml', 'node:http'],
  'adapters/tencent/some.ts': ['../openim/app.js', '../../store/source.js', 'koa', 'yaml', 'node:http'],
  'store/some.ts': [
    '../adapters/openim/app.js',
    '../adapters/tencent/app.js',
    '../server/start.js',
    'koa',
    'pino',
  ],
  'server/some.ts': [
    '../adapters/openim/index.js',
    '../adapters/tencent/app.js',
    '../cli/main.js',
    'json-rules-engine',
    'json-rules-engine/dist/rule.js',
    'yaml',
    'chokidar',
    'ajv',
    'commander',
  ],
  'cli/some.ts': ['../adapters/openim/index.js', '../bench/run.js', 'json-rules-engine', 'koa', 'yaml'],
};

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'engine/some.ts': ['ajv', 're2js', 'node:crypto', './facts.js', './check/facts.js'],
  'engine/check/some.ts': ['../facts.js'],
  'engine/judge.ts': ['json-rules-engine', './facts.js'],
  'adapters/some.ts': ['../engine/facts.js', './openim/index.js', './tencent/index.js', './path.js'],
  'adapters/openim/some.ts': ['../adapter.js', '../../engine/facts.js', './app.js', 'node:crypto'],
  'adapters/tencent/some.ts': ['../adapter.js', '../../engine/facts.js', './app.js', 'node:crypto'],
  'store/some.ts': ['../adapters/index.js', '../engine/facts.js', 'yaml', 'chokidar', 'ajv', 'node:fs'],
  'server/some.ts': [
    '../adapters/index.js',
    '../store/source.js',
    'koa',
    '@koa/router',
    'pino',
    'prom-client',
    'node:http',
  ],
  'cli/some.ts': ['../server/start.js', '../store/source.js', 'commander', 'pino', 'node:fs'],
  'test/some.ts': ['../engine/facts.js', '../adapters/openim/index.js', 'koa', 'json-rules-engine'],
};

describe('the import table', () => {
  for (const [file, modules] of Object.entries(REFUSED)) {
    for (const module of modules) {
      it(`refuses ${module} in ${file}`, async () => {
        expect(await complaints(file, imports(module))).to.deep.equal(['no-restricted-imports']);
      });
    }
  }

  for (const [file, modules] of Object.entries(ALLOWED)) {
    it(`lets ${file} import ${modules.join(', ')}`, async () => {
      expect(
        await complaints(
          file,
          modules.map((module, index) => `import * as m${index} from '${module}';\n`).join(''),
        ),
      ).to.deep.equal([]);
    });
  }

  it('refuses re-exports and type imports like imports', async () => {
    expect(await complaints('engine/some.ts', "export * from '../store/source.js';\n")).to.have.lengthOf(1);
    expect(
      await complaints('server/some.ts', "import type { X } from 'yaml';\nexport type Y = X;\n"),
    ).to.have.lengthOf(1);
  });

  it('refuses imports at run time below the commands', async () => {
    const code = "export const x = await import('json-rules-engine');\n";
    for (const folder of ['engine', 'adapters', 'adapters/openim', 'store', 'server']) {
      expect(await complaints(`${folder}/some.ts`, code), folder).to.deep.equal(['no-restricted-syntax']);
    }
    expect(await complaints('cli/some.ts', code)).to.deep.equal([]);
  });

  it('keeps clock, network and process out of the engine', async () => {
    for (const code of [
      'Date.now()',
      'new Date()',
      'process.env',
      "fetch('http://x')",
      'performance.now()',
    ]) {
      expect(await complaints('engine/some.ts', `export const x = ${code};\n`), code).to.have.lengthOf(1);
    }
    expect(await complaints('engine/some.ts', 'export const x = new Date(0);\n')).to.deep.equal([]);
  });

  it('refuses default exports everywhere', async () => {
    expect(await complaints('engine/some.ts', 'export default 1;\n')).to.deep.equal(['no-restricted-syntax']);
    expect(await complaints('test/some.ts', 'export default 1;\n')).to.deep.equal(['no-restricted-syntax']);
  });
});
