// Output of operations to reply bodies (spec/management-api.md §1.3, §1.4). JSON is written member by member from the
// model: absent members are omitted, doubles keep their decimal point, timestamps have whole seconds.
import { unreachable } from '../defect.ts';
import type { ServiceError } from './errors.ts';
import type { Operation } from './operation.ts';
import type { Member, Shape } from './shape.ts';

type Print = (value: unknown) => string;

type Given = { readonly [member: string]: unknown };

const WHOLE_SECONDS_LENGTH = '2025-01-27T19:14:25Z'.length;
const NO_CONTENT = 204;

const printers = new Map<Operation, Print>();

/** The reply body: JSON text, the payload of an operation whose reply is not JSON, or undefined for none (204). */
export function printOutput(operation: Operation, output: unknown): string | Uint8Array | undefined {
  if (operation.status === NO_CONTENT) return undefined;
  if (operation.payload !== undefined) {
    return ((output as Given)[operation.payload] as string | Uint8Array | undefined) ?? '';
  }
  let print = printers.get(operation);
  if (print === undefined) {
    print = structurePrinter(operation.output);
    printers.set(operation, print);
  }
  return print(output ?? {});
}

/** The body of an error; an unknown operation has an empty one (§1.5). */
export function printError(error: ServiceError): string {
  if (error.code === 'UnknownOperationException') return '{}';
  return `{"message":${JSON.stringify(error.message)}}`;
}

function structurePrinter(members: readonly Member[]): Print {
  const parts = members.map((member) => ({
    name: member.name,
    before: `${JSON.stringify(member.jsonName)}:`,
    print: printerOf(member.shape),
  }));
  return (value) => {
    const given = value as Given;
    let text = '';
    for (const part of parts) {
      const member = given[part.name];
      if (member === undefined || member === null) continue;
      text += `${text === '' ? '' : ','}${part.before}${part.print(member)}`;
    }
    return `{${text}}`;
  };
}

function printerOf(shape: Shape): Print {
  switch (shape.kind) {
    case 'string':
    case 'blob':
      return printString;
    case 'boolean':
    case 'integer':
      return String;
    case 'double':
      return printDouble;
    case 'timestamp':
      return printTimestamp;
    case 'list': {
      const print = printerOf(shape.item);
      return (value) => `[${(value as readonly unknown[]).map((item) => print(item)).join(',')}]`;
    }
    case 'map':
      return mapPrinter(printerOf(shape.value));
    case 'structure':
      return structurePrinter(shape.members);
    default:
      unreachable(shape);
  }
}

function mapPrinter(print: Print): Print {
  return (value) => {
    let text = '';
    for (const [key, item] of Object.entries(value as Given)) {
      if (item === undefined || item === null) continue;
      text += `${text === '' ? '' : ','}${printString(key)}:${print(item)}`;
    }
    return `{${text}}`;
  };
}

// Most texts need no escapes, and JSON.stringify costs four times the look at a short text that says so.
function printString(value: unknown): string {
  const text = value as string;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code === 0x22 || code === 0x5c || code >= 0xd800) return JSON.stringify(text);
  }
  return `"${text}"`;
}

// AWS prints 2000 as 2000.0 (§1.3).
function printDouble(value: unknown): string {
  const text = String(value);
  return Number.isInteger(value) && !text.includes('e') ? `${text}.0` : text;
}

function printTimestamp(value: unknown): string {
  if (typeof value === 'string' && value.length === WHOLE_SECONDS_LENGTH && value.endsWith('Z'))
    return `"${value}"`;
  const iso = new Date(value as string | Date).toISOString();
  return `"${iso.slice(0, 19)}Z"`;
}
