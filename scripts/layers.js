/**
 * Who may import whom: the table that the linter enforces (docs/architecture.md explains it).
 *
 * A layer lists the folders of ours and the packages that it may import; everything else of ours and
 * every listed package is refused. A later row wins over an earlier one for the same file, as in ESLint.
 */

const FOLDERS = ['engine', 'adapters', 'store', 'server', 'cli', 'bench', 'scripts', 'test'];
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
];

/** @typedef {{ files: string[], folders: string[], packages: string[], never?: string[] }} Layer */

/** @type {Layer[]} */
export const LAYERS = [
  {
    files: ['engine/**'],
    folders: ['engine'],
    packages: ['ajv'],
    never: ['node:fs', 'node:fs/*', 'node:http', 'node:https', 'node:net', 'node:process'],
  },
  {
    files: ['engine/judge.ts'],
    folders: ['engine'],
    packages: ['json-rules-engine'],
    never: ['node:fs', 'node:fs/*', 'node:http', 'node:https', 'node:net', 'node:process'],
  },
  {
    files: ['adapters/*'],
    folders: ['engine', 'adapters', 'adapters/openim', 'adapters/tencent'],
    packages: [],
  },
  { files: ['adapters/openim/**'], folders: ['engine', 'adapters', 'adapters/openim'], packages: [] },
  { files: ['adapters/tencent/**'], folders: ['engine', 'adapters', 'adapters/tencent'], packages: [] },
  { files: ['store/**'], folders: ['engine', 'store', 'adapters'], packages: ['yaml', 'chokidar', 'ajv'] },
  {
    files: ['server/**'],
    folders: ['engine', 'adapters', 'store', 'server'],
    packages: ['koa', '@koa/router', 'koa-bodyparser', 'pino'],
  },
  {
    files: ['cli/**'],
    folders: ['engine', 'adapters', 'store', 'server', 'cli'],
    packages: ['commander', 'pino'],
  },
  {
    files: ['bench/**'],
    folders: ['engine', 'adapters', 'store', 'server', 'cli', 'bench'],
    packages: PACKAGES,
  },
  {
    files: ['scripts/**'],
    folders: ['engine', 'adapters', 'store', 'server', 'cli', 'scripts'],
    packages: ['yaml'],
  },
];

const PLATFORM_FOLDERS = ['adapters/openim', 'adapters/tencent'];

/**
 * The `no-restricted-imports` patterns of a layer.
 *
 * @param {Layer} layer
 */
export function restrictionsFor(layer) {
  const refused = [
    ...FOLDERS.filter((folder) => !layer.folders.includes(folder)).map((folder) => `**/${folder}/**`),
    ...PLATFORM_FOLDERS.filter((folder) => !layer.folders.includes(folder)).map(
      (folder) => `**/${folder.split('/')[1]}/**`,
    ),
    ...PACKAGES.filter((name) => !layer.packages.includes(name)),
    ...(layer.never ?? []),
  ];
  return [{ group: refused, message: `Not for this layer: see the table in scripts/layers.js.` }];
}
