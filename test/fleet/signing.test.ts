import { generateKeyPairSync, sign } from 'node:crypto';
import { expect } from 'chai';
import {
  isSignedBy,
  publicKeyOf,
  readPrivateKey,
  readPublicKey,
  signText,
  UnusableKey,
} from '../../fleet/signing.js';
import { createKeys } from './keys.js';

describe('signatures of releases', () => {
  const keys = createKeys();

  it('come from PEM files as openssl writes them', () => {
    const signature = signText('text', readPrivateKey(keys.privatePem));
    expect(isSignedBy('text', signature, readPublicKey(keys.publicPem))).to.equal(true);
    expect(isSignedBy('text', signature, publicKeyOf(keys.privateKey))).to.equal(true);
  });

  it('do not fit another text, another key or a damaged signature', () => {
    const signature = signText('text', keys.privateKey);
    expect(isSignedBy('texts', signature, keys.publicKey)).to.equal(false);
    expect(isSignedBy('text', signature, createKeys().publicKey)).to.equal(false);
    expect(isSignedBy('text', signature.slice(4), keys.publicKey)).to.equal(false);
    expect(isSignedBy('text', '', keys.publicKey)).to.equal(false);
    expect(isSignedBy('text', 'not Base64 at all', keys.publicKey)).to.equal(false);
  });

  it('made by the same key for another purpose do not fit', () => {
    const signature = sign(null, Buffer.from('text'), keys.privateKey).toString('base64');
    expect(isSignedBy('text', signature, keys.publicKey)).to.equal(false);
  });

  it('want keys of Ed25519, and say nothing of what a file holds', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const rsaPrivate = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const rsaPublic = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    for (const pem of [rsaPrivate, 'secret of mine', '', keys.publicPem]) {
      expect(() => readPrivateKey(pem)).to.throw(UnusableKey, 'not a private key of Ed25519');
    }
    for (const pem of [rsaPublic, 'secret of mine', '']) {
      expect(() => readPublicKey(pem)).to.throw(UnusableKey, 'not a public key of Ed25519');
    }
  });

  it('are not checked with a private key, which does not belong on a gate', () => {
    expect(() => readPublicKey(keys.privatePem)).to.throw(UnusableKey, 'it is a private key');
  });
});
