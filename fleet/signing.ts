/** Ed25519 signatures of releases. */
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

/** Why a key cannot be used. */
export class UnusableKey extends Error {}

/** Stands before what is signed, so that no signature made for another purpose fits. */
const PURPOSE = 'callgate release\n';

/** @param pem as `openssl genpkey -algorithm ed25519` writes it. @throws UnusableKey */
export function readPrivateKey(pem: string): KeyObject {
  return ed25519(() => createPrivateKey(pem), 'a private key');
}

/** @param pem as `openssl pkey -pubout` writes it. @throws UnusableKey */
export function readPublicKey(pem: string): KeyObject {
  if (/PRIVATE KEY/.test(pem)) throw new UnusableKey('it is a private key, which belongs to publishers only');
  return ed25519(() => createPublicKey(pem), 'a public key');
}

export function publicKeyOf(privateKey: KeyObject): KeyObject {
  return createPublicKey(privateKey);
}

/** @returns the signature in Base64 */
export function signText(text: string, privateKey: KeyObject): string {
  return sign(null, Buffer.from(PURPOSE + text), privateKey).toString('base64');
}

export function isSignedBy(text: string, signature: string, publicKey: KeyObject): boolean {
  return verify(null, Buffer.from(PURPOSE + text), publicKey, Buffer.from(signature, 'base64'));
}

function ed25519(read: () => KeyObject, what: string): KeyObject {
  const key = parsed(read);
  if (key?.asymmetricKeyType !== 'ed25519') throw new UnusableKey(`it is not ${what} of Ed25519 in PEM`);
  return key;
}

/** The library's own words quote what it could not read. */
function parsed(read: () => KeyObject): KeyObject | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
