// Outputs of the AWS Query protocol: XML in which lists have items called `member`.
import { xmlText } from '../xml-text.ts';

/** What is printed: texts, numbers, truth values, moments, lists, and structures whose absent members are left out. */
export type XmlValue =
  | string
  | number
  | boolean
  | Date
  | undefined
  | readonly XmlValue[]
  | { readonly [member: string]: XmlValue };

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

/** The answer of an operation. */
export function printAnswer(operation: string, result: XmlValue, requestId: string): string {
  return (
    `${DECLARATION}<${operation}Response xmlns="${NAMESPACE}">${element(`${operation}Result`, result ?? {})}` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`
  );
}

/** The answer of an operation that failed; `type` says whose fault it is. */
export function printFailure(
  { code, message, status }: { readonly code: string; readonly message: string; readonly status: number },
  requestId: string,
): string {
  const error = element('Error', {
    Type: status < 500 ? 'Sender' : 'Receiver',
    Code: code,
    Message: message,
  });
  return `${DECLARATION}<ErrorResponse xmlns="${NAMESPACE}">${error}<RequestId>${requestId}</RequestId></ErrorResponse>`;
}

function element(name: string, value: XmlValue): string {
  return value === undefined ? '' : `<${name}>${content(value)}</${name}>`;
}

function content(value: XmlValue): string {
  if (value instanceof Date) return value.toISOString();
  if (isList(value)) return value.map((item) => element('member', item)).join('');
  if (typeof value !== 'object') return xmlText(String(value));
  return Object.entries(value)
    .map(([name, member]) => element(name, member))
    .join('');
}

function isList(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value);
}
