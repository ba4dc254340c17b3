import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { compileStub, createRig, ruleFile, type Rig } from './rule-store-rig.js';

describe('rule store that watches', () => {
  let rig: Rig;
  const at = (name: string): string => rig.parent.at(`rules/${name}`);

  beforeEach(() => {
    rig = createRig();
  });
  afterEach(() => rig.dispose());

  /** Loads and watches a folder with one rule. */
  async function start(): Promise<void> {
    rig.rules('a.yaml', 'one');
    await rig.store.load();
    await rig.store.watch();
  }

  it('says what it watches', async () => {
    await start();
    expect(rig.store.status().watching).to.equal(rig.parent.at('rules'));
  });

  it('takes a file that was saved in place', async () => {
    await start();
    rig.rules('a.yaml', 'two');
    await rig.untilRules('two');
    expect(rig.store.status().lastReload).to.include({ outcome: 'loaded' });
  });

  it('takes files that are added, renamed and deleted', async () => {
    await start();
    rig.rules('b.yaml', 'two');
    await rig.untilRules('one', 'two');
    renameSync(at('b.yaml'), at('B.yaml'));
    await rig.untilRules('two', 'one');
    unlinkSync(at('a.yaml'));
    await rig.untilRules('two');
  });

  it('takes files in new folders, and forgets a folder that is removed', async () => {
    await start();
    rig.rules('team/deep/b.yaml', 'two');
    await rig.untilRules('one', 'two');
    rig.rules('team/deep/b.yaml', 'three');
    await rig.untilRules('one', 'three');
    rmSync(at('team'), { recursive: true });
    await rig.untilRules('one');
  });

  it('takes a list that was changed', async () => {
    rig.parent.write('rules/lists/words.txt', 'x');
    await start();
    const { revision } = rig.store.status();
    rig.parent.write('rules/lists/words.txt', 'y');
    const reload = await rig.until((some) => some.outcome === 'loaded' && some.revision !== revision);
    expect(reload.revision).to.equal(rig.store.current()?.revision);
  });

  it('takes what an editor wrote aside and renamed', async () => {
    await start();
    for (const id of ['two', 'three']) {
      writeFileSync(at('.a.yaml.tmp'), ruleFile(id));
      renameSync(at('.a.yaml.tmp'), at('a.yaml'));
      await rig.untilRules(id);
    }
  });

  it('takes what vim wrote: a probe, a backup, a new file, a swap file', async () => {
    await start();
    for (const id of ['two', 'three']) {
      writeFileSync(at('.a.yaml.swp'), 'b0VIM: [');
      writeFileSync(at('4913'), '');
      unlinkSync(at('4913'));
      renameSync(at('a.yaml'), at('a.yaml~'));
      writeFileSync(at('a.yaml'), ruleFile(id));
      await rig.untilRules(id);
      unlinkSync(at('a.yaml~'));
      unlinkSync(at('.a.yaml.swp'));
    }
  });

  it('does not load for what editors leave behind', async () => {
    await start();
    rig.rules('a.yaml', 'two');
    await rig.untilRules('two');
    const before = rig.reloads.length;
    for (const name of ['.a.yaml.swp', 'a.yaml~', 'a.yaml.bak', '#a.yaml#', '4913', 'notes.md']) {
      writeFileSync(at(name), 'broken: [');
    }
    rig.rules('b.yaml', 'three');
    await rig.untilRules('two', 'three');
    expect(rig.store.status().files).to.equal(2);
    expect(rig.reloads.slice(before).every(({ outcome }) => outcome === 'loaded')).to.equal(true);
  });

  it('keeps the last good rules while a file is broken, and recovers', async () => {
    await start();
    const { revision } = rig.store.status();
    rig.rules('a.yaml', 'two', 'broken');
    const refused = await rig.until(({ outcome }) => outcome === 'refused');
    expect(refused.revision).to.equal(revision);
    expect(refused.problems.map(({ file, line }) => `${file}:${line}`)).to.deep.equal(['a.yaml:3']);
    expect(rig.inForce()).to.deep.equal(['one']);
    expect(rig.store.status().lastReload?.problems).to.have.length(1);
    rig.rules('a.yaml', 'two');
    await rig.untilRules('two');
    expect(rig.store.status().lastReload?.problems).to.deep.equal([]);
  });

  it('does not announce a new revision when a file is saved without a change', async () => {
    await start();
    rig.rules('b.yaml', 'two');
    await rig.untilRules('one', 'two');
    const { revision } = rig.store.status();
    rig.rules('b.yaml', 'two');
    const again = await rig.until(({ outcome }) => outcome === 'unchanged');
    expect(again.revision).to.equal(revision);
    expect(rig.store.status().lastReload).to.deep.equal(again);
  });

  it('takes a hundred files at once in few loads', async () => {
    await start();
    const before = rig.reloads.length;
    const ids = Array.from({ length: 100 }, (_, index) => `r${String(index).padStart(3, '0')}`);
    for (const id of ids) rig.rules(`many/${id}.yaml`, id);
    await rig.untilRules('one', ...ids);
    for (const id of ids) rig.rules(`many/${id}.yaml`, `${id}-new`);
    await rig.untilRules('one', ...ids.map((id) => `${id}-new`));
    rmSync(at('many'), { recursive: true });
    await rig.untilRules('one');
    expect(rig.reloads.length - before).to.be.within(3, 12);
    expect(rig.reloads.filter(({ outcome }) => outcome === 'refused')).to.deep.equal([]);
  });

  it('keeps the last good rules when the folder vanishes, and takes the one that comes back', async () => {
    await start();
    for (const id of ['two', 'three']) {
      rmSync(rig.parent.at('rules'), { recursive: true });
      const gone = await rig.until(({ outcome }) => outcome === 'refused');
      expect(gone.problems.map(({ file, code }) => [file, code])).to.deep.equal([['.', 'file-unreadable']]);
      expect(rig.inForce()).to.have.length(1);
      rig.rules('a.yaml', id);
      await rig.untilRules(id);
    }
    rig.rules('a.yaml', 'four');
    await rig.untilRules('four');
  });

  it('begins with a folder that is not there yet', async () => {
    await rig.store.load();
    await rig.store.watch();
    rig.rules('a.yaml', 'one');
    await rig.untilRules('one');
    rig.rules('a.yaml', 'two');
    await rig.untilRules('two');
  });

  it('takes a folder that is replaced by another in one step', async () => {
    await start();
    for (const id of ['two', 'three']) {
      rig.parent.write('next/a.yaml', ruleFile(id));
      renameSync(rig.parent.at('rules'), rig.parent.at(`old-${id}`));
      renameSync(rig.parent.at('next'), rig.parent.at('rules'));
      await rig.untilRules(id);
    }
    rig.rules('a.yaml', 'four');
    await rig.untilRules('four');
  });

  it('takes a link to a folder that is pointed at another', async () => {
    rig.parent.write('v1/a.yaml', ruleFile('one'));
    rig.parent.write('v2/a.yaml', ruleFile('two'));
    symlinkSync('v1', rig.parent.at('rules'));
    await rig.store.load();
    await rig.store.watch();
    symlinkSync('v2', rig.parent.at('rules.new'));
    renameSync(rig.parent.at('rules.new'), rig.parent.at('rules'));
    await rig.untilRules('two');
    rig.parent.write('v2/a.yaml', ruleFile('three'));
    await rig.untilRules('three');
  });

  describe('on a ConfigMap', () => {
    /** What the kubelet does: a new hidden folder, a new link, a rename over the old link, the old folder removed. */
    function publish(version: string, files: Readonly<Record<string, string>>): void {
      const old = readdirSync(rig.parent.at('rules')).filter((name) => name.startsWith('..v'));
      for (const [name, text] of Object.entries(files)) rig.parent.write(`rules/..${version}/${name}`, text);
      symlinkSync(`..${version}`, at('..data_tmp'));
      renameSync(at('..data_tmp'), at('..data'));
      for (const name of old) rmSync(at(name), { recursive: true });
    }

    it('takes each new version', async () => {
      mkdirSync(rig.parent.at('rules'));
      publish('v1', { 'a.yaml': ruleFile('one'), 'team/b.yaml': ruleFile('b1') });
      symlinkSync('..data/a.yaml', at('a.yaml'));
      symlinkSync('..data/team', at('team'));
      await rig.store.load();
      expect(rig.inForce()).to.deep.equal(['one', 'b1']);
      await rig.store.watch();
      for (const version of ['v2', 'v3', 'v4']) {
        publish(version, { 'a.yaml': ruleFile(version), 'team/b.yaml': ruleFile(`b-${version}`) });
        await rig.untilRules(version, `b-${version}`);
      }
      expect(rig.reloads.filter(({ outcome }) => outcome === 'refused')).to.deep.equal([]);
    });
  });

  it('loads again for a change that comes during a load', async () => {
    let isFirst = true;
    await rig.dispose();
    rig = createRig({
      compile: (folder) => {
        const result = compileStub(folder);
        if (isFirst && rig.store.status().watching !== null) {
          isFirst = false;
          rig.rules('a.yaml', 'during');
        }
        return result;
      },
    });
    await start();
    rig.rules('a.yaml', 'two');
    await rig.untilRules('during');
  });

  it('is silent once it is closed', async () => {
    await start();
    rig.rules('a.yaml', 'two');
    await rig.untilRules('two');
    await rig.store.close();
    const before = rig.reloads.length;
    rig.rules('a.yaml', 'three');
    const other = createRig();
    try {
      // Another store that notices the same kind of change proves that there was time to notice it.
      other.rules('a.yaml', 'one');
      await other.store.load();
      await other.store.watch();
      other.rules('a.yaml', 'two');
      await other.untilRules('two');
    } finally {
      await other.dispose();
    }
    expect(rig.reloads.length).to.equal(before);
    expect(rig.inForce()).to.deep.equal(['two']);
  });
});
