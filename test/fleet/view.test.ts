import { expect } from 'chai';
import { readBeat, type Beat } from '../../fleet/beat.js';
import { rolloutOf } from '../../fleet/rollout.js';
import { viewFleet, type HeardBeat } from '../../fleet/view.js';

const NOW = 1_760_000_000_000;

const BEAT: Beat = {
  host: 'a',
  pid: 1,
  version: '1.0.0',
  startedAt: NOW - 100_000,
  since: NOW - 50_000,
  source: 'published',
  revision: 'abc',
  release: 2,
  latestRelease: null,
  isFollowing: true,
  isDraining: false,
  refusal: null,
};

function heard(more: Partial<Beat> = {}, at = NOW - 1000): HeardBeat {
  return { id: 'x', at, beat: { ...BEAT, ...more } };
}

describe('a look at the fleet', () => {
  const CURRENT = { number: 2, at: NOW - 60_000 };
  const stateOf = (each: HeardBeat, current: typeof CURRENT | null = CURRENT): string =>
    viewFleet([each], current, NOW).processes[0]!.state;

  it('finds a process healthy that has what was published', () => {
    expect(stateOf(heard())).to.equal('healthy');
  });

  it('gives processes five seconds to take a release', () => {
    const has = heard({ release: 1 });
    expect(stateOf(has, { number: 2, at: NOW - 4_999 })).to.equal('taking');
    expect(stateOf(has, { number: 2, at: NOW - 5_000 })).to.equal('behind');
  });

  it('says who refuses, runs on kept rules, drains, or has gone', () => {
    expect(stateOf(heard({ refusal: 'not signed', release: 1 }))).to.equal('refusing');
    expect(stateOf(heard({ source: 'last-good', refusal: 'none', release: null }))).to.equal('kept');
    expect(stateOf(heard({ isDraining: true, release: 1 }))).to.equal('draining');
    expect(stateOf(heard({}, NOW - 6_000))).to.equal('gone');
    expect(stateOf(heard({}, NOW - 5_999))).to.equal('healthy');
  });

  it('wants no release of a process with rules from a folder', () => {
    const folder = heard({ source: 'files', release: null, isFollowing: false });
    expect(stateOf(folder)).to.equal('healthy');
    expect(stateOf(folder, null)).to.equal('healthy');
  });

  it('counts those that are there, and the healthy ones, by host and process', () => {
    const all = [
      heard({ host: 'b', pid: 9 }),
      heard({ host: 'b', pid: 2, release: 1 }),
      heard({ host: 'a', isDraining: true }),
      heard({ host: 'c' }, 0),
    ];
    const view = viewFleet(all, CURRENT, NOW);
    expect([view.living, view.healthy]).to.deep.equal([3, 2]);
    expect(view.processes.map(({ beat, state }) => `${beat.host}${beat.pid} ${state}`)).to.deep.equal([
      'a1 draining',
      'b2 behind',
      'b9 healthy',
      'c1 gone',
    ]);
  });

  it('follows a release through those that will take it', () => {
    const all = [
      heard({ pid: 1, release: 2 }),
      heard({ pid: 2, release: 3 }),
      heard({ pid: 3, release: 1 }),
      heard({ pid: 4, release: null, source: 'last-good' }),
      heard({ pid: 5, release: 1, isDraining: true }),
      heard({ pid: 6, release: 1 }, 0),
      heard({ pid: 7, release: null, isFollowing: false }),
    ];
    const { taken, missing } = rolloutOf(all, 2, NOW);
    expect(taken.map(({ beat }) => beat.pid)).to.deep.equal([1, 2]);
    expect(missing.map(({ beat }) => beat.pid)).to.deep.equal([3, 4]);
  });
});

describe('a beat', () => {
  it('is read as it was written', () => {
    expect(readBeat(JSON.stringify(BEAT))).to.deep.equal(BEAT);
  });

  it('is left out when a field is missing or of the wrong type', () => {
    for (const field of Object.keys(BEAT)) {
      expect(readBeat(JSON.stringify({ ...BEAT, [field]: undefined })), field).to.equal(undefined);
      expect(readBeat(JSON.stringify({ ...BEAT, [field]: [] })), field).to.equal(undefined);
    }
    expect(readBeat('nothing')).to.equal(undefined);
    expect(readBeat(JSON.stringify({ ...BEAT, source: 'toString' }))).to.equal(undefined);
  });
});
