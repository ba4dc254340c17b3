import { expect } from 'chai';
import type { App } from '../../adapters/index.js';
import { createPathTable } from '../../server/path-table.js';

const COMMON = { default: 'allow', onFailure: 'allow', deadline: 60_000 } as const;

/** What a table says about a path: the path of the app, and the rest. */
function lookUp(paths: readonly string[], path: string): string | undefined {
  const gates = paths.map((own) => {
    const app: App = { ...COMMON, platform: 'openim', id: own, path: own, dialect: 'server' };
    return { app, answer: () => Promise.resolve('{}') };
  });
  const place = createPathTable(gates)(path);
  return place && `${place.gate.app.path} ${place.rest}`;
}

describe('the table of paths', () => {
  const apps = ['/openim', '/tencent', '/chat/v2', '/chat/v3'];
  const found: Readonly<Record<string, string>> = {
    '/openim': '/openim ',
    '/openim/': '/openim /',
    '/openim/callbackX': '/openim /callbackX',
    '/openim//a//': '/openim //a//',
    '/tencent': '/tencent ',
    '/chat/v2': '/chat/v2 ',
    '/chat/v3/x': '/chat/v3 /x',
  };
  for (const [path, place] of Object.entries(found)) {
    it(`knows ${path}`, () => {
      expect(lookUp(apps, path)).to.equal(place);
    });
  }

  for (const path of [
    '',
    '/',
    '/chat',
    '/chat/',
    '/chat/v4',
    '/openimx',
    '/OpenIM',
    '//openim',
    '/chat//v2',
    '/callback',
  ]) {
    it(`leaves "${path}" to the router`, () => {
      expect(lookUp(apps, path)).to.equal(undefined);
    });
  }

  it('leaves apps to the router whose paths begin alike, in any spelling', () => {
    for (const other of ['/im/v2', '/IM/v2', '/Im', '/im']) {
      expect(lookUp(['/im', other], '/im/v2/x'), other).to.equal(undefined);
      expect(lookUp([other, '/im'], '/im//v2'), other).to.equal(undefined);
    }
    expect(lookUp(['/im', '/im-2'], '/im/x')).to.equal('/im /x');
    expect(lookUp(['/im', '/im-2'], '/im-2/x')).to.equal('/im-2 /x');
  });

  it('leaves an app to the router whose path has a slash too many', () => {
    for (const path of ['/im/', '//im', '/a//b', '/']) expect(lookUp([path], path)).to.equal(undefined);
  });
});
