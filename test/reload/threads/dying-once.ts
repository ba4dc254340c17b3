/** The real thing, but it dies at its first start: as long as the file of the variable MARK is not there. */
import { existsSync, writeFileSync } from 'node:fs';
import '../../../store/load-worker.js';

const mark = process.env['MARK'] ?? '';
if (!existsSync(mark)) {
  writeFileSync(mark, '');
  throw new Error('died once');
}
