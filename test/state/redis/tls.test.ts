import { expect } from 'chai';
import { describeWithRedis, startRedisProcess } from '../../support/redis-server.js';
import { fixturePath } from '../../support/paths.js';
import { countingOf, START } from '../commands.js';
import { eventually, connecting, settingsOf } from './rig.js';
import { writeTogether } from './writers.js';

describeWithRedis('a connection to Redis with TLS', () => {
  it('is made when the certificate is trusted, and only then', async () => {
    const server = await startRedisProcess((port) => [
      ...[
        '--bind',
        '127.0.0.1',
        '--port',
        '0',
        '--tls-port',
        `${port}`,
        '--save',
        '',
        '--tls-auth-clients',
        'no',
      ],
      ...[
        '--tls-cert-file',
        fixturePath('tls', 'server.crt'),
        '--tls-key-file',
        fixturePath('tls', 'server.key'),
      ],
      ...['--tls-ca-cert-file', fixturePath('tls', 'authority.crt')],
    ]);
    try {
      const settings = settingsOf([`rediss://127.0.0.1:${server.port}`]);
      const { count } = countingOf(60_000);
      const [report] = await writeTogether(settings, [[[[count('add', START)]]]], {
        NODE_EXTRA_CA_CERTS: fixturePath('tls', 'authority.crt'),
      });
      expect(report).to.deep.equal([[[1]]]);
      const { redis, errors } = connecting(settings);
      await eventually(() => errors.length > 0);
      await redis.close();
      expect(redis.status().connected).to.equal(false);
      expect(errors[0]?.message).to.match(/certificate/);
    } finally {
      await server.end();
    }
  });
});
