// Bytes as people read them: sixteen a line, with what of them is ASCII.

/** `00000010  7b 22 61 22 3a 31 7d 0a  00 01 02 03              {"a":1}.....` */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = Array.from(bytes.subarray(at, at + 16));
    const words = row.map((byte) => byte.toString(16).padStart(2, '0'));
    const halves = [words.slice(0, 8), words.slice(8)].map((half) => half.join(' '));
    const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${halves.join('  ').padEnd(48)}  ${text}`);
  }
  return lines.join('\n');
}
