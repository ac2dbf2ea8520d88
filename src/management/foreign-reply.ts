// Answers to calls of other services, each in the protocol its client reads, so that it prints our sentence
// (https://smithy.io/2.0/aws/protocols/).
import { randomUUID } from 'node:crypto';
import { unreachable } from '../defect.ts';
import { type Bytes, latin1Of } from '../net/bytes.ts';
import { httpDate } from '../net/date.ts';
import type { Exchange } from '../net/exchange.ts';
import { type ForeignCall, type ForeignProtocol, foreignMessage } from './foreign-service.ts';
import { xmlText } from './xml-text.ts';

/** Clients do not try again what has this status. */
const STATUS = 501;
const CODE = 'NotImplemented';
/** As JSON clients spell classes of errors. */
const EXCEPTION = `${CODE}Exception`;

export function sendForeign(exchange: Exchange, nowMillis: number, call: ForeignCall): void {
  exchange.body.discard();
  const requestId = randomUUID();
  const { contentType, body } = write(call.protocol, foreignMessage(call), requestId);
  exchange.send(
    STATUS,
    `Content-Type: ${contentType}\r\nx-amzn-RequestId: ${requestId}\r\nx-amzn-ErrorType: ${EXCEPTION}\r\n` +
      `${call.protocol.kind === 'cbor' ? 'smithy-protocol: rpc-v2-cbor\r\n' : ''}Date: ${httpDate(nowMillis)}\r\n`,
    body,
  );
}

interface Written {
  readonly contentType: string;
  readonly body: Bytes;
}

function write(protocol: ForeignProtocol, message: string, requestId: string): Written {
  switch (protocol.kind) {
    case 'json':
      return {
        contentType: `application/x-amz-json-${protocol.version}`,
        body: latin1Of(JSON.stringify({ __type: EXCEPTION, message })),
      };
    case 'restJson':
      return { contentType: 'application/json', body: latin1Of(JSON.stringify({ message })) };
    case 'cbor':
      return { contentType: 'application/cbor', body: cborTexts({ __type: EXCEPTION, message }) };
    case 'ec2':
      return xml(
        `<Response><Errors><Error>${codeAndMessage(message)}</Error></Errors><RequestID>${requestId}</RequestID></Response>`,
      );
    case 'restXml':
      return protocol.isS3
        ? xml(`<Error>${codeAndMessage(message)}<RequestId>${requestId}</RequestId></Error>`)
        : xml(errorResponse(message, requestId));
    case 'query':
      return xml(errorResponse(message, requestId));
    default:
      unreachable(protocol);
  }
}

function xml(root: string): Written {
  return { contentType: 'text/xml', body: latin1Of(`<?xml version="1.0" encoding="UTF-8"?>\n${root}`) };
}

function errorResponse(message: string, requestId: string): string {
  return `<ErrorResponse><Error><Type>Sender</Type>${codeAndMessage(message)}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}

function codeAndMessage(message: string): string {
  return `<Code>${CODE}</Code><Message>${xmlText(message)}</Message>`;
}

/** A map of texts of less than 65,536 bytes each (RFC 8949 §3.1). */
function cborTexts(members: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(members);
  return Buffer.concat([Buffer.from([0xa0 | entries.length]), ...entries.flat().map(cborText)]);
}

function cborText(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  const head = Buffer.from([0x79, bytes.length >> 8, bytes.length & 0xff]);
  return Buffer.concat([head, bytes]);
}
