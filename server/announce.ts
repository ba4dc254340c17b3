/** Tells operators about reloads. */
import type { Logger } from 'pino';
import type { Reload, RuleStoreStatus } from '../store/rule-store.js';
import { formatProblems, summarize } from '../store/report.js';

/** Where text for people goes, such as standard output. */
export interface TextOutput {
  write(text: string): unknown;
}

export interface AnnouncerParts {
  readonly logger: Logger;
  readonly out: TextOutput;
  /** The rules folder as reports shall name it. */
  readonly folder: string;
}

/**
 * Announces each reload that changed something, or should have: one log line, and the report of its
 * problems. The same mistakes are told once, however often the folder is read while they are there.
 */
export function createAnnouncer({ logger, out, folder }: AnnouncerParts) {
  let refusedReport: string | undefined;

  return ({ outcome, problems, durationMs }: Reload, status: RuleStoreStatus): void => {
    const { revision, release, files, rules, lists } = status;
    const ms = Math.round(durationMs);
    const report = formatProblems(problems, { folder });
    if (outcome === 'refused') {
      if (report === refusedReport) return;
      refusedReport = report;
      out.write(`\n${report}\n\nThese rules are refused. Revision ${revision ?? 'none'} stays in force.\n\n`);
      logger.error({ revision, ms, problems: summarize(problems) }, 'rules refused');
      return;
    }
    const wasRefused = refusedReport !== undefined;
    refusedReport = undefined;
    if (outcome === 'unchanged' && !wasRefused) return;
    if (report !== '') out.write(`\n${report}\n\n`);
    logger.info(
      { revision, ...(release !== null && { release: release.number }), files, rules, lists, ms },
      outcome === 'loaded' ? 'rules reloaded' : 'rules as before',
    );
  };
}
