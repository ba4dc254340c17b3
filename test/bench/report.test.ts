import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { format } from 'prettier';
import { toCheck, toJson, toMarkdown, toText } from '../../bench/report/formats.js';
import { withFigures } from '../../bench/report/page.js';
import type { Results } from '../../bench/report/results.js';
import { formatNumber } from '../../bench/report/text.js';
import { projectRoot } from '../support/paths.js';

const RESULTS: Results = {
  date: '2026-01-02',
  rounds: 3,
  isComplete: false,
  machine: {
    processor: 'a processor',
    cores: 4,
    memoryGiB: 8,
    system: 'a system',
    node: 'v20.19.0',
    generator: 'wrk',
    packages: { koa: '3.0.0' },
  },
  groups: [
    {
      benchmark: { name: 'decision', title: 'One decision', explains: 'How it is measured.' },
      figures: [
        { id: 'decision.none', label: 'none matches', unit: 'µs', samples: [3, 4, 12] },
        { id: 'decision.growth', label: 'growth', unit: 'times', samples: [2.25] },
        { id: 'workers.two', label: 'workers', unavailable: 'no such setting' },
      ],
    },
  ],
};

describe('a report', () => {
  it('has the median and the spread of each figure, and how far targets are missed', () => {
    const text = toText(RESULTS);
    expect(text).to.match(/none matches +4\.00 µs +3\.00 to 12\.0/);
    expect(text).to.match(/growth +2\.25× +one measurement/);
    expect(text).to.match(/workers +not available +no such setting/);
    expect(text).to.match(/none matching +2\.25 +at most 1\.50 +short by 50\.0 %/);
    expect(text).to.include('a processor, 4 cores').and.include('koa 3.0.0');
  });

  it('for the check has only what is missed', () => {
    expect(toCheck(RESULTS)).to.include('none matching').and.not.include('none matches');
    const [group] = RESULTS.groups;
    const reached = { ...RESULTS, groups: [{ ...group!, figures: group!.figures.slice(0, 1) }] };
    expect(toCheck(reached)).to.equal('All targets are reached.\n');
  });

  it('as JSON has every sample and every target', () => {
    const read = JSON.parse(toJson(RESULTS)) as typeof RESULTS & {
      targets: readonly { isReached: boolean }[];
    };
    expect(read.groups).to.deep.equal(RESULTS.groups);
    expect(read.targets.map(({ isReached }) => isReached)).to.deep.equal([true, false, false]);
  });

  it('as Markdown is formatted already', async () => {
    const markdown = toMarkdown(RESULTS);
    expect(await format(markdown, { parser: 'markdown', printWidth: 110, singleQuote: true })).to.equal(
      markdown,
    );
  });

  it('takes its place in the page and leaves the rest alone', () => {
    const page = readFileSync(join(projectRoot, 'docs', 'benchmarks.md'), 'utf8');
    const once = withFigures(page, 'ONE RUN');
    expect(withFigures(once, 'ANOTHER')).to.equal(once.replace('ONE RUN', 'ANOTHER'));
    expect(once.startsWith('# ')).to.equal(true);
    expect(() => withFigures('no marks', 'x')).to.throw('lacks');
  });

  it('writes numbers with about three digits', () => {
    expect([0.5, 12.34, 123.4, 12_345.6].map(formatNumber)).to.deep.equal(['0.50', '12.3', '123', '12,346']);
  });
});
