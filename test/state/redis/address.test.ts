import { expect } from 'chai';
import { createMask, nameOf, parseAddress } from '../../../state/redis/address.js';

describe('the URL of a Redis server', () => {
  it('says where the server is and how to enter', () => {
    expect(parseAddress('redis://ann:p%40ss@redis.example:7000/3')).to.deep.equal({
      host: 'redis.example',
      port: 7000,
      isTls: false,
      username: 'ann',
      password: 'p@ss',
      database: 3,
    });
  });

  it('may leave out everything but the host', () => {
    const open = { port: 6379, isTls: false, database: 0 };
    expect(parseAddress('redis://redis')).to.deep.equal({ ...open, host: 'redis' });
    expect(parseAddress('redis://127.0.0.1/')).to.deep.equal({ ...open, host: '127.0.0.1' });
    expect(parseAddress('rediss://[::1]')).to.deep.equal({ ...open, host: '::1', isTls: true });
  });

  it('is refused without being repeated when it is none', () => {
    for (const url of ['', 'redis', 'http://:secret@redis', 'redis://:secret@', 'redis://:secret@redis/x'])
      expect(() => parseAddress(url), url)
        .to.throw(Error)
        .with.property('message')
        .that.does.not.include('secret');
  });

  it('is named without its password, which is left out of any text', () => {
    const address = parseAddress('redis://ann:p%40ss@redis:7000');
    expect(nameOf(address)).to.equal('redis:7000');
    expect(createMask([address])("unknown command 'AUTH', with args 'p@ss'")).to.equal(
      "unknown command 'AUTH', with args '***'",
    );
  });
});
