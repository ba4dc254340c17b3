import { expect } from 'chai';
import { listFolder } from '../../store/folder-listing.js';
import { watchFolder } from '../../store/folder-watch.js';
import { createTempFolder, type TempFolder } from './temp-folder.js';

const NEVER = 2 ** 30;

describe('folder watch', () => {
  let folder: TempFolder;
  beforeEach(() => {
    folder = createTempFolder();
  });
  afterEach(() => folder.remove());

  /** Watches; `changed` gives a promise of the next call of `onChange`. */
  async function begin(intervals: { identityInterval: number; scanInterval: number }) {
    let tell = (): void => undefined;
    const errors: unknown[] = [];
    const { folders } = await listFolder(folder.path);
    const watch = await watchFolder({
      folder: folder.path,
      folders,
      onChange: () => tell(),
      onError: (error) => errors.push(error),
      ...intervals,
    });
    const changed = (): Promise<void> => new Promise((resolve) => (tell = resolve));
    return { watch, changed, errors };
  }

  it('asks for a look at everything now and then, where nothing is notified', async () => {
    const { watch, changed } = await begin({ identityInterval: NEVER, scanInterval: 5 });
    await changed();
    await changed();
    await watch.close();
  });

  it('notices another folder of the same name, and goes on asking until it is told that this is known', async () => {
    folder.write('sub/a.yaml', '');
    const { watch, changed } = await begin({ identityInterval: 5, scanInterval: NEVER });
    await watch.follow(new Map([['.', 'another']]));
    await changed();
    await changed();
    await watch.follow((await listFolder(folder.path)).folders);
    await watch.close();
  });

  it('notices changes in a folder that took the place of another', async () => {
    folder.write('sub/a.yaml', '');
    const { watch, changed, errors } = await begin({ identityInterval: NEVER, scanInterval: NEVER });
    const { folders } = await listFolder(folder.path);
    await watch.follow(new Map([...folders, ['sub', 'another']]));
    await watch.follow(folders);
    const change = changed();
    folder.write('sub/a.yaml', 'x');
    await change;
    await watch.close();
    expect(errors).to.deep.equal([]);
  });

  it('can be closed while it begins anew', async () => {
    const { watch, errors } = await begin({ identityInterval: NEVER, scanInterval: NEVER });
    const following = watch.follow(new Map([['.', 'another']]));
    await watch.close();
    await following;
    expect(errors).to.deep.equal([]);
  });
});
