/** The PEM files of a TLS listener: read, checked, and ready for Node. */
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { TlsSettings } from '../../store/config.js';

/** The contents of the files at one moment. */
export interface TlsMaterial {
  /** What `createServer` and `setSecureContext` take. */
  readonly options: SecureContextOptions;
  /** End of the certificate's validity, in milliseconds since 1970. */
  readonly validUntil: number;
}

/** The files as they lie there, whatever is in them. */
export interface TlsTexts {
  readonly cert: string;
  readonly key: string;
  readonly clientCa?: string;
}

/** A file that cannot be used; the message names its setting and says why, and holds nothing of a key. */
export class TlsFileError extends Error {
  override readonly name = 'TlsFileError';
}

/** Reads the files. @throws TlsFileError when one cannot be read */
export async function readTlsFiles({ cert, key, clientCa }: TlsSettings): Promise<TlsTexts> {
  return {
    cert: await read('cert', cert),
    key: await read('key', key),
    ...(clientCa !== undefined && { clientCa: await read('clientCa', clientCa) }),
  };
}

/** A hash by which two readings of the files can be compared. */
export function fingerprintOf({ cert, key, clientCa = '' }: TlsTexts): string {
  return createHash('sha256')
    .update(JSON.stringify([cert, key, clientCa]))
    .digest('hex');
}

/**
 * Checks the texts. Node takes empty and unreadable ones without a word, and then trusts every public
 * authority to say who may call; so each is parsed here first.
 *
 * @throws TlsFileError when they cannot be used
 */
export function materialOf(texts: TlsTexts, { minVersion }: Pick<TlsSettings, 'minVersion'>): TlsMaterial {
  const [own] = certificatesIn('cert', texts.cert);
  attempt('key', 'is not a private key in PEM, or has a passphrase', () => createPrivateKey(texts.key));
  if (texts.clientCa !== undefined) certificatesIn('clientCa', texts.clientCa);
  const options = {
    cert: texts.cert,
    key: texts.key,
    ...(texts.clientCa !== undefined && { ca: texts.clientCa }),
    minVersion,
  };
  attempt('key', 'does not belong to the certificate', () => createSecureContext(options));
  return { options, validUntil: own === undefined ? 0 : Date.parse(own.validTo) };
}

async function read(setting: keyof TlsTexts, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new TlsFileError(`tls.${setting}: ${path} cannot be read${code}`);
  }
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function certificatesIn(setting: 'cert' | 'clientCa', text: string): readonly X509Certificate[] {
  const blocks = text.match(CERTIFICATE) ?? [];
  if (blocks.length === 0) throw new TlsFileError(`tls.${setting} has no certificate in PEM`);
  return blocks.map((block) =>
    attempt(setting, 'has a certificate that cannot be read', () => new X509Certificate(block)),
  );
}

/** The messages of OpenSSL are left out: they help nobody, and may quote. */
function attempt<T>(setting: keyof TlsTexts, complaint: string, work: () => T): T {
  try {
    return work();
  } catch {
    throw new TlsFileError(`tls.${setting} ${complaint}`);
  }
}
