import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { expect } from 'chai';
import { fingerprintOf, materialOf, readTlsFiles } from '../../server/access/tls-files.js';
import { ListenError, openListener, type Listener } from '../../server/listener.js';
import type { TlsSettings } from '../../store/config.js';
import { startTestServer } from '../support/server.js';
import {
  ALLOWED,
  BLOCK,
  blockBody,
  call,
  clientNamed,
  createAwaitedLog,
  failureOf,
  tlsFile,
  type AwaitedLog,
} from './support.js';

const NO_RULES = { 'rules.yaml': 'rules: []\n' };
const APPS = 'apps: [{ id: im, platform: openim, path: /openim }]\n';
const PAIR = `cert: ${tlsFile('server.crt')}, key: ${tlsFile('server.key')}`;

describe('a server with TLS', () => {
  it('serves callbacks and operators over HTTPS, and says so', async () => {
    const settings = {
      server: `listen: '127.0.0.1:0', tls: { ${PAIR} }`,
      admin: `listen: '127.0.0.1:0', tls: { ${PAIR} }`,
    };
    const server = await startTestServer({ apps: APPS, rules: NO_RULES, settings });
    const { callbackOrigin, adminOrigin } = server;
    expect([callbackOrigin, adminOrigin].join()).to.match(/^https:.*,https:/);
    expect(server.printed()).to.include(`${callbackOrigin}/openim `).and.include(`${adminOrigin}/status`);
    const { json, servedBy } = await call(`${callbackOrigin}/openim/${BLOCK}`, { body: blockBody });
    expect(json).to.deep.equal(ALLOWED);
    expect(servedBy).to.equal('Test server');
    expect((await call(`${adminOrigin}/healthz`)).status).to.equal(200);
    const plain = failureOf(call(callbackOrigin.replace('https:', 'http:'), { body: {} }));
    expect(await plain).to.not.equal('answered');
    await server.stop();
  });

  it('answers nobody but clients with the right certificate, where there is a client authority', async () => {
    const tls = `${PAIR}, clientCa: ${tlsFile('authority.crt')}`;
    const settings = { server: `listen: '127.0.0.1:0', tls: { ${tls} }` };
    const server = await startTestServer({ apps: APPS, rules: NO_RULES, settings });
    const post = (name?: string) =>
      call(`${server.callbackOrigin}/openim/${BLOCK}`, {
        body: blockBody,
        ...(name !== undefined && { tls: clientNamed(name) }),
      });
    expect((await post('client')).json).to.deep.equal(ALLOWED);
    expect(await failureOf(post())).to.be.oneOf([
      'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
      'ECONNRESET',
      'EPIPE',
    ]);
    expect(await failureOf(post('stranger'))).to.be.oneOf([
      'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
      'ERR_SSL_SSL/TLS_ALERT_UNKNOWN_CA',
      'ECONNRESET',
      'EPIPE',
    ]);
    expect((await post('client')).json).to.deep.equal(ALLOWED);
    const { json } = await call(`${server.adminOrigin}/status`);
    expect((json as { apps: unknown[]; counters: unknown }).apps[0]).to.deep.include({
      needs: ['client certificates'],
    });
    expect(server.log.lines().map(({ cause }) => cause)).to.include('tls-handshake');
    await server.stop();
  });

  it('does not start with files that cannot be used, and says which', async () => {
    const cases: readonly (readonly [tls: string, reason: RegExp])[] = [
      [
        `cert: /no/such.crt, key: ${tlsFile('server.key')}`,
        /tls\.cert: \/no\/such\.crt cannot be read \(ENOENT\)/,
      ],
      [
        `cert: ${tlsFile('server.key')}, key: ${tlsFile('server.key')}`,
        /tls\.cert has no certificate in PEM/,
      ],
      [`cert: ${tlsFile('server.crt')}, key: ${tlsFile('server.crt')}`, /tls\.key is not a private key/],
      [
        `cert: ${tlsFile('server.crt')}, key: ${tlsFile('client.key')}`,
        /tls\.key does not belong to the certificate/,
      ],
      [`${PAIR}, clientCa: ${tlsFile('client.key')}`, /tls\.clientCa has no certificate in PEM/],
    ];
    for (const [tls, reason] of cases) {
      const settings = { server: `listen: '127.0.0.1:0', tls: { ${tls} }` };
      const error: unknown = await startTestServer({ apps: APPS, rules: NO_RULES, settings }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(ListenError);
      expect(String(error)).to.match(reason).and.not.include('PRIVATE KEY');
    }
  });
});

describe('a TLS listener', () => {
  let folder: string;
  let log: AwaitedLog;
  let listener: Listener;
  let settings: TlsSettings;

  const place = (name: string, as: string): void => copyFileSync(tlsFile(name), join(folder, as));

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'callgate-tls-'));
    place('server.crt', 'gate.crt');
    place('server.key', 'gate.key');
    place('authority.crt', 'clients.crt');
    settings = {
      cert: join(folder, 'gate.crt'),
      key: join(folder, 'gate.key'),
      clientCa: join(folder, 'clients.crt'),
      minVersion: 'TLSv1.2',
    };
    log = createAwaitedLog();
    listener = await openListener(
      (_, response) => Promise.resolve(void response.end('{}')),
      { host: '127.0.0.1', port: 0 },
      { tls: { settings, logger: log.logger, lookInterval: 5 } },
    );
  });
  afterEach(async () => {
    await listener.drain(0);
    rmSync(folder, { recursive: true, force: true });
  });

  const servedBy = async (client = 'client'): Promise<unknown> =>
    (await call(listener.origin, { tls: clientNamed(client) })).servedBy;

  it('takes a renewed pair without a restart', async () => {
    expect(await servedBy()).to.equal('Test server');
    place('renewed.crt', 'gate.crt');
    place('renewed.key', 'gate.key');
    expect(await log.next(/TLS files taken/)).to.include('2070-01-01T00:00:00.000Z');
    expect(await servedBy()).to.equal('Renewed test server');
  });

  it('keeps the old pair while the new one is broken, says so once, and takes it once it is whole', async () => {
    place('renewed.crt', 'gate.crt');
    expect(await log.next(/TLS files not taken/)).to.include('tls.key does not belong to the certificate');
    expect(await servedBy()).to.equal('Test server');
    writeFileSync(settings.key, 'nothing');
    await log.next(/tls\.key is not a private key/);
    rmSync(settings.cert);
    await log.next(/tls\.cert: .* cannot be read/);
    expect(await servedBy()).to.equal('Test server');
    place('renewed.crt', 'gate.crt');
    place('renewed.key', 'gate.key');
    await log.next(/TLS files taken/);
    expect(await servedBy()).to.equal('Renewed test server');
    expect(log.lines.filter((line) => line.includes('does not belong'))).to.have.lengthOf(1);
  });

  it('takes another client authority, and then admits its clients alone', async () => {
    expect(await failureOf(servedBy('stranger'))).to.not.equal('answered');
    place('other-authority.crt', 'clients.crt');
    await log.next(/TLS files taken/);
    expect(await servedBy('stranger')).to.equal('Test server');
    expect(await failureOf(servedBy('client'))).to.not.equal('answered');
  });

  it('never takes an empty file of client authorities, which would admit everybody with a public certificate', async () => {
    writeFileSync(settings.clientCa ?? '', '');
    await log.next(/tls\.clientCa has no certificate/);
    expect(await failureOf(servedBy('stranger'))).to.not.equal('answered');
    expect(await servedBy('client')).to.equal('Test server');
  });

  it('logs callers that fail the handshake, one line for each reason', async () => {
    for (let count = 0; count < 3; count += 1) await failureOf(servedBy('stranger'));
    await log.next(/tls-handshake/);
    expect(log.lines.filter((line) => line.includes('tls-handshake'))).to.have.lengthOf(1);
  });

  it('speaks no version of TLS that is too old', async () => {
    const strict = await openListener(
      (_, response) => Promise.resolve(void response.end('{}')),
      { host: '127.0.0.1', port: 0 },
      { tls: { settings: { ...settings, minVersion: 'TLSv1.3' }, logger: log.logger } },
    );
    const handshake = (port: number): Promise<unknown> =>
      failureOf(
        new Promise<void>((resolve, reject) => {
          const options = {
            port,
            host: '127.0.0.1',
            maxVersion: 'TLSv1.2',
            rejectUnauthorized: false,
          } as const;
          const socket = connect({ ...options, ...clientNamed('client') }, () => {
            socket.destroy();
            resolve();
          });
          socket.on('error', reject);
        }),
      );
    expect(await handshake(listener.address.port)).to.equal('answered');
    expect(await handshake(strict.address.port)).to.not.equal('answered');
    await strict.drain(0);
  });

  it('has the same fingerprint for the same files alone', async () => {
    const texts = await readTlsFiles(settings);
    expect(fingerprintOf(texts)).to.equal(fingerprintOf(await readTlsFiles(settings)));
    expect(fingerprintOf(texts)).to.not.equal(fingerprintOf({ ...texts, clientCa: '' }));
    expect(new Date(materialOf(texts, settings).validUntil).getUTCFullYear()).to.equal(2070);
  });
});
