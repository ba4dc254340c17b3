import { expect } from 'chai';
import fc from 'fast-check';
import { jsonTexts, mutantsOf } from './hostile-json.js';
import { OPENIM, TENCENT, type Caller } from './platform.js';
import { openProvingGround, type ProvingGround } from './proving-ground.js';

/** Calls with any JSON, and with each command's example damaged in different ways. */
const ANY_JSON = 150;
const MUTANTS = 6;

/** What a server says about itself in `GET /status`, as far as it matters here. */
interface Status {
  readonly counters: {
    readonly apps: Readonly<
      Record<string, { callbacks: number; failures: Readonly<Record<string, number>> }>
    >;
  };
}

for (const [name, caller] of Object.entries<Caller>({ OpenIM: OPENIM, 'Tencent Cloud Chat': TENCENT })) {
  describe(`any JSON from ${name}`, () => {
    let ground: ProvingGround;
    before(async () => (ground = await openProvingGround()));
    after(() => ground.stop());

    const askEveryApp = async (entry: Caller['catalog'][number], body: string): Promise<void> => {
      await Promise.all(ground.appsOf(caller).map((app) => ground.question({ caller, entry, app, body })));
    };

    it('gets a reply with the fields and types of its command, and the verdict of the policy', async () => {
      const calls = fc.tuple(fc.constantFrom(...caller.catalog), jsonTexts);
      await fc.assert(
        fc.asyncProperty(calls, ([entry, body]) => askEveryApp(entry, body)),
        { numRuns: ANY_JSON },
      );
    });

    it('gets the same where the example of any command has been damaged', async () => {
      for (const entry of caller.catalog) {
        await fc.assert(
          fc.asyncProperty(mutantsOf(entry.example), (body) => askEveryApp(entry, body)),
          { numRuns: MUTANTS },
        );
      }
    });

    it('is counted once each, and never as a mistake of ours', async () => {
      const response = await fetch(`${ground.server.adminOrigin}/status`);
      const { counters } = (await response.json()) as Status;
      const counts = Object.values(counters.apps);
      expect(counts.reduce((sum, { callbacks }) => sum + callbacks, 0)).to.equal(ground.sent());
      expect(counts.map(({ failures }) => failures['internal-error'] ?? 0)).to.deep.equal(
        counts.map(() => 0),
      );
      expect(ground.server.log.lines().filter(({ level }) => Number(level) >= 50)).to.deep.equal([]);
    });
  });
}
