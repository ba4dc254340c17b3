/** Writes docs/reference, docs/schema and docs/problems.md; run by `npm run docs`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../server/version.js';
import { problemsPage } from './problems.js';
import { referencePages } from './reference.js';
import { schemaFiles } from './schema.js';

const docs = join(packageRoot, 'docs');

function writeAll(folder: string, files: ReadonlyMap<string, string>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
}

writeAll(join(docs, 'reference'), referencePages());
writeAll(join(docs, 'schema'), schemaFiles());
writeAll(docs, new Map([['problems.md', await problemsPage()]]));
