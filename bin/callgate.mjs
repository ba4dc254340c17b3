#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

// Only a clone has sources; an installed package comes built.
if (existsSync(join(root, 'tsconfig.json'))) {
  const { prepareOrExit } = await import('../scripts/prepare.mjs');
  prepareOrExit(root);
}

const { main } = await import('../dist/cli/main.js');
await main(process.argv);
