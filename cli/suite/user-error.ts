/** Something that whoever typed the command can put right; the message is the whole output. */
export class UserError extends Error {
  override name = 'UserError';
}

/** Runs a command's work: a {@link UserError} becomes a line on standard error and exit code 1. */
export async function orUserError(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
