import { expect } from 'chai';
import fc from 'fast-check';
import { parseTraceparent } from '../../server/tracing/traceparent.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('the header traceparent', () => {
  it('names the trace and the span of the caller', () => {
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-01`)).to.deep.equal({
      traceId: TRACE,
      spanId: SPAN,
      isSampled: true,
    });
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-00`)).to.include({ isSampled: false });
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-03`)).to.include({ isSampled: true });
  });

  it('may be of a later version, with more at its end', () => {
    expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01-what-the-future-brings`)).to.include({ traceId: TRACE });
    expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01.what`)).to.equal(undefined);
  });

  const INVALID: Readonly<Record<string, string | string[] | undefined>> = {
    'is absent': undefined,
    'is empty': '',
    'is there twice': [`00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-01`],
    'has a trace of zeros': `00-${'0'.repeat(32)}-${SPAN}-01`,
    'has a span of zeros': `00-${TRACE}-${'0'.repeat(16)}-01`,
    'has capitals': `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    'has version ff': `ff-${TRACE}-${SPAN}-01`,
    'has more than the first version has': `00-${TRACE}-${SPAN}-01-more`,
    'is too short': `00-${TRACE}-${SPAN}`,
    'has a short trace': `00-${TRACE.slice(1)}-${SPAN}-01`,
  };
  for (const [what, header] of Object.entries(INVALID)) {
    it(`counts as absent when it ${what}`, () => {
      expect(parseTraceparent(header)).to.equal(undefined);
    });
  }

  it('is either understood or absent, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f-]{50,60}$/)), (header) => {
        const found = parseTraceparent(header);
        if (found !== undefined) expect(header).to.include(`-${found.traceId}-${found.spanId}-`);
      }),
    );
  });
});
