/** Runs a command in this process: starting a new one takes most of a second, and there are many commands. */
import { main } from '../../cli/main.js';

export interface Done {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Write = typeof process.stdout.write;

/** Commands that read standard input, or that commander itself refuses, need a process of their own. */
export async function callgate(args: readonly string[], folder: string): Promise<Done> {
  const [cwd, exitCode] = [process.cwd(), process.exitCode];
  const streams = {
    stdout: process.stdout.write.bind(process.stdout),
    stderr: process.stderr.write.bind(process.stderr),
  };
  const written = { stdout: '', stderr: '' };
  const into =
    (name: keyof typeof written): Write =>
    (text: string | Uint8Array) => {
      written[name] += String(text);
      return true;
    };
  try {
    process.chdir(folder);
    process.exitCode = 0;
    process.stdout.write = into('stdout');
    process.stderr.write = into('stderr');
    await main(['node', 'callgate', ...args]);
    return { code: exitCodeNow(), ...written };
  } finally {
    process.stdout.write = streams.stdout;
    process.stderr.write = streams.stderr;
    process.exitCode = exitCode;
    process.chdir(cwd);
  }
}

function exitCodeNow(): number {
  return Number(process.exitCode ?? 0);
}
