/** A collector of traces that keeps what it gets. */
import { createServer } from 'node:http';

export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: unknown }[];
  readonly status?: { readonly code: number; readonly message: string };
}

export interface Collected {
  readonly contentType: string | undefined;
  readonly resource: readonly { readonly key: string; readonly value: unknown }[];
  readonly spans: readonly CollectedSpan[];
}

interface TraceRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Collected['resource'] };
    readonly scopeSpans: readonly { readonly spans: readonly CollectedSpan[] }[];
  }[];
}

export interface Collector {
  readonly endpoint: string;
  readonly requests: readonly Collected[];
  spans(): readonly CollectedSpan[];
  close(): Promise<void>;
}

/** @param status what it answers */
export async function startCollector(status = 200): Promise<Collector> {
  const requests: Collected[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString()) as TraceRequest;
      for (const { resource, scopeSpans } of resourceSpans)
        requests.push({
          contentType: request.headers['content-type'],
          resource: resource.attributes,
          spans: scopeSpans.flatMap(({ spans }) => spans),
        });
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}/v1/traces`,
    requests,
    spans: () => requests.flatMap(({ spans }) => spans),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
