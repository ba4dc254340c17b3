import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGates } from '../cluster/gate.js';
import { moderate, RULES } from './gate.js';

const MUTED_EVE = '/labels/muted/eve?app=im';

describe('labels by hand, with several workers', function () {
  this.timeout(60_000);
  const gates = createGates();
  afterEach(() => gates.end());

  it('are the same for each of them', async () => {
    const { callbacks, admin, folder, running } = await gates.start({ rules: RULES });
    const gate = moderate(callbacks, admin);
    const refusals = (): Promise<readonly boolean[]> =>
      Promise.all(Array.from({ length: 12 }, () => gate.refuses({ from: 'eve' })));

    expect(await gate.refuses({ from: 'eve', text: 'casino!' })).to.equal(true);
    while ((await gate.tell('GET', MUTED_EVE))['isSet'] !== true);
    expect(await refusals()).to.not.include(false);
    expect(await gate.tell('DELETE', MUTED_EVE)).to.include({ wasSet: true });
    expect(await refusals()).to.not.include(true);
    await gate.tell('PUT', MUTED_EVE, { for: '1h', owner: 'amy' });
    expect(await refusals()).to.not.include(false);
    expect(await gate.tell('GET', '/strikes/spam/eve?app=im')).to.include({ strikes: 1 });
    expect(await gate.tell('GET', '/labels/mutd/eve?app=im')).to.include({ status: 404 });
    await running.said(/"audit":"give","label":"muted","id":"eve".*"owner":"amy"/);

    writeFileSync(join(folder, 'rules', 'more.yaml'), 'labels: { trusted: }\n');
    while ((await gate.tell('PUT', '/labels/trusted/eve?app=im', { for: '1d' })).status !== 200);
  });
});
