/** The files of a rules folder as one piece of bytes, for their way to other machines. */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { isList, isRecord } from './data.js';
import { isKeptFile, type KeptFile } from './last-good.js';

/** Changes whenever an older or newer Callgate would not understand the bytes. */
const FORMAT = 1;
/** Largest size of what is packed, in bytes of JSON; what unpacks to more is no set of rules. */
const MOST_BYTES = 256 * 1024 * 1024;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Why bytes cannot be unpacked. */
export class UnusablePack extends Error {}

/** Packs files: the same files in any order give the same bytes. @throws RangeError when they are too large */
export async function packFiles(files: readonly KeptFile[], mostBytes = MOST_BYTES): Promise<Buffer> {
  const sorted = [...files].sort((left, right) => (left.file < right.file ? -1 : 1));
  const plain = sorted.map(({ file, role, text }) => ({ file, role, text }));
  const json = Buffer.from(JSON.stringify({ format: FORMAT, files: plain }));
  if (json.length > mostBytes)
    throw new RangeError(`the rules are too large: ${json.length} of ${mostBytes} bytes`);
  return compress(json);
}

/** Unpacks files. @throws UnusablePack when the bytes are damaged, too many or of another version */
export async function unpackFiles(bytes: Uint8Array, mostBytes = MOST_BYTES): Promise<readonly KeptFile[]> {
  const data = await parse(bytes, mostBytes);
  if (!isRecord(data)) throw new UnusablePack('they are damaged');
  const { format, files } = data;
  if (typeof format === 'number' && format !== FORMAT) {
    throw new UnusablePack(`they are of format ${format}, and this Callgate reads ${FORMAT}`);
  }
  if (format !== FORMAT || !isList(files) || !files.every(isKeptFile)) {
    throw new UnusablePack('they are damaged');
  }
  return files;
}

async function parse(bytes: Uint8Array, mostBytes: number): Promise<unknown> {
  try {
    const json = await decompress(bytes, { maxOutputLength: mostBytes });
    return JSON.parse(json.toString('utf8'));
  } catch (error) {
    throw new UnusablePack(`they are damaged: ${error instanceof Error ? error.message : String(error)}`);
  }
}
