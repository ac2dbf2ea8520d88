// What an HTTP integration did with one request, read off its call (decision 0017; spec/http-api.md §3.2 to §3.5).
import { printOrigin } from '../../backends/failures.ts';
import { HeaderBlock } from '../../net/header-block.ts';
import { scanHeaderLines } from '../../net/http1/scan.ts';
import { printHeaders } from '../../stage/print-headers.ts';
import type { Call } from '../call.ts';
import { explainRequestMappings, type RequestMappings } from './mappings.ts';
import { NOTHING_DONE, type RequestStory } from './trace.ts';

export function explainBackendRequest(call: Call, mappings: RequestMappings): RequestStory {
  if (call.head === '') return NOTHING_DONE;
  const { line, headers } = parseHead(call.head);
  const origin = call.upstream?.origin;
  return {
    called: {
      backendRequest: {
        origin: origin === undefined ? 'no target' : printOrigin(origin),
        line,
        headers: printHeaders(headers),
        bodyBytes: Math.max(0, call.body.length),
      },
    },
    requestMappings: explainRequestMappings(call, mappings, headers, line.split(' ')[1]!),
  };
}

function parseHead(head: string): { line: string; headers: HeaderBlock } {
  const lineEnd = head.indexOf('\r\n');
  const text = `${head.slice(lineEnd + 2)}\r\n`;
  const spans: number[] = [];
  scanHeaderLines(text, 0, spans);
  return { line: head.slice(0, lineEnd), headers: new HeaderBlock(text, spans, text.length - 2) };
}
