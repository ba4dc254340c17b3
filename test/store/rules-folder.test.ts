import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import { expect } from 'chai';
import { linesOf } from '../../store/text.js';
import { readRulesFolder } from '../../store/rules-folder.js';
import { createTempFolder, type TempFolder } from './temp-folder.js';

describe('rules folder', () => {
  let folder: TempFolder;
  beforeEach(() => {
    folder = createTempFolder();
  });
  afterEach(() => folder.remove());

  const read = () => readRulesFolder(folder.path);
  const filesOf = async () => (await read()).folder.documents.map(({ file }) => file);
  const problemsOf = async () =>
    (await read()).problems.map(
      ({ file, line, column, code, message }) => `${file}:${line}:${column} ${code} ${message}`,
    );

  it('gives rule files as data and lists as text, in a stable order', async () => {
    folder.write('b.yaml', 'rules: []');
    folder.write('a/z.yml', 'rules: [1]');
    folder.write('B.yaml', '');
    folder.write('a.yaml', '{}');
    folder.write('lists/words.txt', '\uFEFFone\ntwo\n');
    const { folder: content, problems } = await read();
    expect(problems).to.deep.equal([]);
    expect(content.documents).to.deep.equal([
      { file: 'B.yaml', data: null },
      { file: 'a.yaml', data: {} },
      { file: 'a/z.yml', data: { rules: [1] } },
      { file: 'b.yaml', data: { rules: [] } },
    ]);
    expect([...content.texts]).to.deep.equal([['lists/words.txt', 'one\ntwo\n']]);
  });

  it('leaves out what is no rule file: suites, droppings, hidden files and others', async () => {
    const names = [
      ...['spam.test.yaml', 'spam.test.yml', 'README.md', 'yaml', 'a.json'],
      ...[
        '.a.yaml.swp',
        '.hidden.yaml',
        'a.yaml~',
        'a.yaml.swp',
        'a.yaml.swx',
        'a.yaml.tmp',
        'a.yaml.bak',
        '#a.yaml#',
        '4913',
      ],
      ...['.git/a.yaml', '..data/a.yaml', 'backup~/a.yaml', 'words.txt~', '.#words.txt'],
    ];
    for (const name of names) folder.write(name, 'broken: [');
    folder.write('a.yaml', '');
    const { folder: content, problems } = await read();
    expect(problems).to.deep.equal([]);
    expect(content.documents).to.deep.equal([{ file: 'a.yaml', data: null }]);
    expect(content.texts.size).to.equal(0);
  });

  it('reads a ConfigMap: visible links into a hidden folder', async () => {
    folder.write('..2026_01_01/spam.yaml', 'rules: []');
    folder.write('..2026_01_01/teams/a.yaml', 'rules: []');
    symlinkSync('..2026_01_01', folder.at('..data'));
    symlinkSync('..data/spam.yaml', folder.at('spam.yaml'));
    symlinkSync('..data/teams', folder.at('teams'));
    expect(await filesOf()).to.deep.equal(['spam.yaml', 'teams/a.yaml']);
  });

  it('does not follow links in circles', async () => {
    folder.write('a/b/c.yaml', '');
    symlinkSync('..', folder.at('a/up'));
    symlinkSync('.', folder.at('self'));
    symlinkSync(folder.path, folder.at('a/b/root'));
    expect(await filesOf()).to.deep.equal(['a/b/c.yaml']);
    expect(await problemsOf()).to.deep.equal([]);
  });

  it('tells of links that lead nowhere', async () => {
    folder.write('ok.yaml', '');
    symlinkSync('nothing', folder.at('gone.yaml'));
    symlinkSync('loop.yaml', folder.at('loop.yaml'));
    symlinkSync('nothing', folder.at('unimportant'));
    expect(await problemsOf()).to.deep.equal([
      'gone.yaml:1:1 file-unreadable It is a link that leads nowhere, or it keeps vanishing.',
      'loop.yaml:1:1 file-unreadable A link that leads to itself (ELOOP).',
    ]);
  });

  it('tells when the folder is missing', async () => {
    folder.remove();
    const { folder: content, problems } = await read();
    expect(content.documents).to.deep.equal([]);
    expect(problems).to.have.length(1);
    expect(problems[0]).to.include({ file: '.', code: 'file-unreadable', line: 1, column: 1, frame: '' });
  });

  it('tells when the folder is a file', async () => {
    folder.write('file', '');
    const { problems } = await readRulesFolder(folder.at('file'));
    expect(problems.map(({ file, message }) => [file, message])).to.deep.equal([
      ['.', 'It is not a folder.'],
    ]);
  });

  it('warns when there are no rule files', async () => {
    folder.write('words.txt', 'one');
    const { problems } = await read();
    expect(problems).to.have.length(1);
    expect(problems[0]).to.include({ file: '.', code: 'no-rules', severity: 'warning' });
  });

  it('tells where a file stops being UTF-8', async () => {
    folder.write('a.yaml', Buffer.from([...Buffer.from('rules: []\n# caf'), 0xe9, 0x0a]));
    expect(await problemsOf()).to.deep.equal(['a.yaml:2:6 file-unreadable It is not UTF-8 from here on.']);
  });

  it('tells when a file is too large, without reading it', async () => {
    folder.write('rules.yaml', '');
    folder.write('words.txt', '');
    truncateSync(folder.at('rules.yaml'), 4 * 1024 * 1024 + 1);
    truncateSync(folder.at('words.txt'), 16 * 1024 * 1024 + 1);
    expect(await problemsOf()).to.deep.equal([
      'rules.yaml:1:1 too-large It is larger than 4 MiB.',
      'words.txt:1:1 too-large It is larger than 16 MiB.',
    ]);
  });

  it('does not wait for a named pipe', async function () {
    if (process.platform === 'win32') return;
    folder.write('ok.yaml', '');
    execFileSync('mkfifo', [folder.at('pipe.yaml')]);
    expect(await problemsOf()).to.deep.equal(['pipe.yaml:1:1 file-unreadable It is not a regular file.']);
  });

  it('tells what may not be read', async () => {
    folder.write('a.yaml', '');
    folder.write('sub/b.yaml', '');
    chmodSync(folder.at('a.yaml'), 0o000);
    chmodSync(folder.at('sub'), 0o000);
    const problems = await problemsOf();
    chmodSync(folder.at('sub'), 0o700);
    // The superuser may read everything.
    const isRoot = process.getuid?.() === 0;
    expect(problems).to.deep.equal(
      isRoot
        ? []
        : [
            'sub:1:1 file-unreadable No permission to read it (EACCES).',
            'a.yaml:1:1 file-unreadable No permission to read it (EACCES).',
          ],
    );
  });

  it('tells of folders that are nested without end', async () => {
    folder.write('ok.yaml', '');
    mkdirSync(folder.at('d/'.repeat(20)), { recursive: true });
    expect((await problemsOf())[0]).to.match(/file-unreadable It lies more than 16 folders deep\.$/);
  });

  it('gives what can be read although something cannot', async () => {
    folder.write('bad.yaml', 'rules: [');
    folder.write('good.yaml', 'rules: []');
    expect(await filesOf()).to.deep.equal(['good.yaml']);
    expect((await problemsOf())[0]).to.match(/^bad\.yaml:1:\d+ yaml-syntax /);
  });

  it('puts problems of the rules into their place, in YAML and in lists', async () => {
    folder.write('a.yaml', 'rules:\n  - id: x\n');
    folder.write('words.txt', 'one\ntwo\nthree');
    const { locate } = await read();
    const problem = { code: 'wrong-value', severity: 'error', message: 'No.' } as const;
    const inRules = locate({ ...problem, file: 'a.yaml', path: ['rules', 0, 'id'] });
    expect([inRules.line, inRules.column, inRules.frame]).to.deep.equal([
      2,
      9,
      '  1 | rules:\n> 2 |   - id: x\n    |         ^',
    ]);
    expect(locate({ ...problem, file: 'words.txt', path: [1] })).to.include({ line: 2, column: 1 });
    expect(locate({ ...problem, file: 'words.txt', path: [3] })).to.include({ line: 1, column: 1 });
    expect(locate({ ...problem, file: 'none.yaml', path: [] })).to.include({ line: 1, column: 1, frame: '' });
  });

  it('reads a folder that changes meanwhile, and then what it has become', async () => {
    const write = (round: number): void => {
      folder.write('a.yaml', `round: ${round}`);
      folder.write('b.yaml', `round: ${round}`);
    };
    write(0);
    let round = 0;
    const reading = read();
    const writer = setInterval(() => write((round += 1)), 1);
    const { folder: content, problems } = await reading;
    clearInterval(writer);
    expect(problems).to.deep.equal([]);
    expect(content.documents.map(({ file }) => file)).to.deep.equal(['a.yaml', 'b.yaml']);
    write((round += 1));
    const after = await read();
    expect(after.folder.documents.map(({ data }) => data)).to.deep.equal([{ round }, { round }]);
  });

  it('waits for what a file is to hold that has just been emptied', async () => {
    folder.write('a.yaml', 'rules: []');
    folder.write('words.txt', 'one');
    for (const file of ['a.yaml', 'words.txt']) {
      folder.write(file, '');
      const reading = read();
      // Long after the reading has found it empty.
      setTimeout(() => folder.write(file, 'rules: [1]'), 40);
      const { documents, texts } = (await reading).folder;
      expect([documents.map(({ data }) => data), [...texts.values()]].flat(), file).to.deep.include(
        file === 'a.yaml' ? { rules: [1] } : 'rules: [1]',
      );
    }
  });

  it('takes a file that stays empty', async () => {
    folder.write('a.yaml', '');
    expect((await read()).folder.documents).to.deep.equal([{ file: 'a.yaml', data: null }]);
  });

  it('changes its signature with every kind of change', async () => {
    const signature = async () => (await read()).listing.signature;
    const seen = [await signature()];
    folder.write('a.yaml', 'a');
    seen.push(await signature());
    folder.write('a.yaml', 'bc');
    seen.push(await signature());
    folder.write('lists/b.txt', 'bc');
    seen.push(await signature());
    folder.write('a.yaml~', 'dropping');
    expect(await signature()).to.equal(seen.at(-1));
    folder.remove();
    seen.push(await signature());
    expect(new Set(seen).size).to.equal(seen.length);
    expect(linesOf(seen[3]!).count).to.equal(2);
  });
});
