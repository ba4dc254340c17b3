import { expect } from 'chai';
import { createLog } from '../../server/log.js';

function setUp(level?: string) {
  const written: string[] = [];
  const logger = createLog({
    ...(level !== undefined && { level }),
    destination: { write: (line) => void written.push(line) },
  });
  return { logger, written };
}

describe('the program log', () => {
  it('is JSON with the time in UTC', () => {
    const { logger, written } = setUp();
    logger.info({ revision: 'abc' }, 'rules reloaded');
    const line = JSON.parse(written.join('')) as Record<string, unknown>;
    expect(line).to.include({ level: 30, revision: 'abc', msg: 'rules reloaded' });
    expect(line['time']).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('leaves out what is less important than its level', () => {
    const { logger, written } = setUp('warn');
    logger.info('not this');
    logger.warn('but this');
    expect(written).to.have.lengthOf(1);
  });

  it('never writes secrets, at whatever depth a line carries them', () => {
    const { logger, written } = setUp();
    const headers = { authorization: 'hunter2', cookie: 'hunter2', accept: '*/*' };
    logger.info({ token: 'hunter2', app: { token: 'hunter2', secret: 'hunter2' } }, 'a');
    logger.child({ password: 'hunter2' }).info({ req: { headers }, query: { Sign: 'hunter2' } }, 'b');
    expect(written.join('')).to.include('[redacted]').and.to.include('*/*');
    expect(written.join('')).to.not.include('hunter2');
  });
});
