import { expect } from 'chai';
import fc from 'fast-check';
import { secretTest } from '../../adapters/secret.js';

const aText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '',
    '\0',
    'a',
    'a\0',
    'a\0\0',
    'x'.repeat(255),
    'x'.repeat(256),
    'x'.repeat(257),
    'x'.repeat(600),
  ),
);

describe('the test for a secret', () => {
  it('holds for the secret and nothing else, of whatever length', () => {
    fc.assert(
      fc.property(aText, aText, (secret, shown) => {
        const opens = secretTest(secret);
        expect(opens(secret)).to.equal(true);
        expect(opens(shown)).to.equal(Buffer.from(shown).equals(Buffer.from(secret)));
        expect(opens(undefined)).to.equal(false);
        expect(opens(secret)).to.equal(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('remembers nothing of what was shown before', () => {
    const opens = secretTest('secret');
    expect(opens('secret and more')).to.equal(false);
    expect(opens('sec')).to.equal(false);
    expect(opens('secret')).to.equal(true);
    expect(opens('')).to.equal(false);
  });
});
