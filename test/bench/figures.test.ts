import { expect } from 'chai';
import { median, ratios, spread, type Figure } from '../../bench/figure.js';
import { assess, TARGETS, type Target } from '../../bench/targets.js';

describe('figures', () => {
  it('have the median, not the mean, and the outermost values', () => {
    expect(median([9, 1, 2])).to.equal(2);
    expect(median([4, 1, 100, 2])).to.equal(3);
    expect(spread([3, 1, 2])).to.deep.equal([1, 3]);
  });

  it('are compared round by round', () => {
    expect(ratios([10, 30], [5, 10])).to.deep.equal([2, 3]);
  });
});

describe('targets', () => {
  const atMost: Target = { figure: 'cost', label: 'cost', wants: 'at most', limit: 5 };
  const atLeast: Target = { figure: 'rate', label: 'rate', wants: 'at least', limit: 0.9 };
  const figure = (id: string, ...samples: readonly number[]): Figure => ({
    id,
    label: id,
    unit: 'times',
    samples,
  });
  const isReached = (figures: readonly Figure[], target: Target): readonly boolean[] =>
    assess(figures, false, [target]).map((assessment) => assessment.isReached);

  it('are reached at their limit and on the right side of it', () => {
    expect(isReached([figure('cost', 5)], atMost)).to.deep.equal([true]);
    expect(isReached([figure('cost', 5.1)], atMost)).to.deep.equal([false]);
    expect(isReached([figure('rate', 0.9)], atLeast)).to.deep.equal([true]);
    expect(isReached([figure('rate', 0.89)], atLeast)).to.deep.equal([false]);
  });

  it('are about the median', () => {
    expect(isReached([figure('cost', 1, 4, 900)], atMost)).to.deep.equal([true]);
  });

  it('are missed by what could not be measured, and left out for what was not asked for', () => {
    expect(isReached([{ id: 'cost', label: 'cost', unavailable: 'no such machine' }], atMost)).to.deep.equal([
      false,
    ]);
    expect(isReached([figure('other', 1)], atMost)).to.deep.equal([]);
    expect(assess([], true, [atMost])).to.deep.equal([
      { target: atMost, value: undefined, isReached: false },
    ]);
  });

  it('are each about a figure of their own', () => {
    expect(new Set(TARGETS.map((target) => target.figure))).to.have.lengthOf(TARGETS.length);
  });
});
