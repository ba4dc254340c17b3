/**
 * Who may import whom: the table that the linter enforces (docs/architecture.md explains it).
 *
 * A layer lists the folders of ours and the packages that it may import; everything else of ours and
 * every listed package is refused. A later row wins over an earlier one for the same file, as in ESLint.
 */
import { builtinModules } from 'node:module';

const FOLDERS = [
  'engine',
  'adapters',
  'store',
  'state',
  'fleet',
  'server',
  'cli',
  'bench',
  'scripts',
  'test',
];
const PACKAGES = [
  'json-rules-engine',
  'yaml',
  'chokidar',
  'koa',
  '@koa/router',
  'koa-bodyparser',
  'pino',
  'commander',
  'ajv',
  'rotating-file-stream',
  'prom-client',
  '@redis/client',
];

/**
 * - `nodeModules`: the only modules of Node that the layer may import; without it, all
 * - `isPure`: the layer has no clock, no network and no process either
 *
 * @typedef {{ files: string[], folders: string[], packages: string[], nodeModules?: string[], isPure?: boolean }} Layer
 */

/** @type {Layer[]} */
export const LAYERS = [
  {
    files: ['engine/**'],
    folders: ['engine'],
    packages: ['ajv'],
    nodeModules: ['crypto'],
    isPure: true,
  },
  {
    files: ['engine/judge.ts'],
    folders: ['engine'],
    packages: ['json-rules-engine'],
    nodeModules: [],
    isPure: true,
  },
  {
    files: ['adapters/*'],
    folders: ['engine', 'adapters', 'adapters/openim', 'adapters/tencent'],
    packages: [],
    nodeModules: ['crypto'],
  },
  {
    files: ['adapters/openim/**'],
    folders: ['engine', 'adapters', 'adapters/openim'],
    packages: [],
    nodeModules: ['crypto'],
  },
  {
    files: ['adapters/tencent/**'],
    folders: ['engine', 'adapters', 'adapters/tencent'],
    packages: [],
    nodeModules: ['crypto'],
  },
  { files: ['store/**'], folders: ['engine', 'store', 'adapters'], packages: ['yaml', 'chokidar', 'ajv'] },
  { files: ['state/**'], folders: ['engine', 'state'], packages: [] },
  { files: ['state/redis/**'], folders: ['engine', 'state'], packages: ['@redis/client'] },
  { files: ['fleet/**'], folders: ['engine', 'store', 'state', 'fleet'], packages: [] },
  {
    files: ['server/**'],
    folders: ['engine', 'adapters', 'store', 'state', 'fleet', 'server'],
    packages: ['koa', '@koa/router', 'koa-bodyparser', 'pino', 'rotating-file-stream', 'prom-client'],
  },
  {
    files: ['cli/**'],
    folders: ['engine', 'adapters', 'store', 'state', 'fleet', 'server', 'cli'],
    packages: ['commander', 'pino'],
  },
  {
    files: ['bench/**'],
    folders: ['engine', 'adapters', 'store', 'state', 'fleet', 'server', 'cli', 'bench'],
    packages: PACKAGES,
  },
  {
    files: ['scripts/**'],
    folders: ['engine', 'adapters', 'store', 'state', 'fleet', 'server', 'cli', 'scripts'],
    packages: ['yaml'],
  },
];

const PLATFORM_FOLDERS = ['adapters/openim', 'adapters/tencent'];

const MESSAGE = 'Not for this layer: see the table in scripts/layers.js.';

/** Named exports everywhere; a wall clock is read where a moment is wanted, and then by its name. */
const SYNTAX = [
  { selector: 'ExportDefaultDeclaration', message: 'Use named exports.' },
  {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: 'Say Date.now(), or take the moment as an argument.',
  },
];

/** Ways around `no-restricted-imports`. */
const DYNAMIC_IMPORTS = [
  { selector: 'ImportExpression', message: `Import statically. ${MESSAGE}` },
  {
    selector: 'CallExpression[callee.name=/^(require|createRequire)$/]',
    message: `Import statically. ${MESSAGE}`,
  },
];

/** The syntax rule for files outside the table. */
export const SYNTAX_RULE = ['error', ...SYNTAX];

/**
 * The lint rules of a layer.
 *
 * @param {Layer} layer
 */
export function rulesFor(layer) {
  return {
    'no-restricted-imports': ['error', { patterns: [{ group: refusedImports(layer), message: MESSAGE }] }],
    'no-restricted-syntax': ['error', ...SYNTAX, ...(mayImportLate(layer) ? [] : DYNAMIC_IMPORTS)],
    ...(layer.isPure === true && PURITY_RULES),
  };
}

const PURITY_RULES = {
  'no-restricted-globals': [
    'error',
    ...['process', 'fetch', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'WebSocket'].map(
      (name) => ({ name, message: MESSAGE }),
    ),
  ],
  'no-restricted-properties': ['error', { object: 'Date', property: 'now', message: MESSAGE }],
};

/**
 * Commands load what they need when they run; nothing below them has a reason to.
 *
 * @param {Layer} layer
 */
function mayImportLate(layer) {
  return layer.folders.includes('cli');
}

/**
 * Patterns in the manner of .gitignore.
 *
 * @param {Layer} layer
 */
function refusedImports(layer) {
  const { folders, packages, nodeModules } = layer;
  return [
    ...FOLDERS.filter((folder) => !folders.includes(folder)).map((folder) => `**/${folder}/**`),
    ...PLATFORM_FOLDERS.filter((folder) => !folders.includes(folder)).map(
      (folder) => `**/${folder.split('/')[1]}/**`,
    ),
    ...PACKAGES.filter((name) => !packages.includes(name)),
    ...(nodeModules === undefined
      ? []
      : [
          'node:*',
          ...builtinModules.map((name) => `/${name}`),
          ...nodeModules.map((name) => `!node:${name}`),
        ]),
  ];
}
