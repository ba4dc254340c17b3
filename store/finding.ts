/** A mistake in the configuration: a problem without its file. */
import type { DataPath, ProblemCode } from '../engine/problem.js';

export interface Finding {
  readonly code: ProblemCode;
  readonly path: DataPath;
  readonly message: string;
  readonly hint?: string;
}
