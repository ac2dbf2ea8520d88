// An instance of a Node.js function: a process that runs node-child/main.ts, spoken to in frames over descriptor 3, which is
// a socket that only it has (decision 0014).
import type { Socket } from 'node:net';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { RESPONSE_TOO_LARGE } from './error-document.ts';
import { ANSWER, CALL, FAILURE, FATAL, frame, READY, readFrames, STDERR, STDOUT } from './frames.ts';
import type { FunctionInstance, StartInstance } from './function-instance.ts';
import { FunctionProcess } from './function-process.ts';
import { inspectorLine } from './inspector-line.ts';
import { OutputLines } from './output-lines.ts';

const CHILD = fileURLToPath(new URL('./node-child/main.js', import.meta.url));
/** The other side sends nothing larger: answers have their own limit, output comes in pieces. */
const MAX_FRAME_BYTES = 8_388_608;

export const startNodeInstance: StartInstance = (settings, means, observer): FunctionInstance => {
  const { debugPort } = means;
  let document: string | undefined;
  const lines = {
    stdout: new OutputLines((line) => observer.wrote('stdout', line)),
    stderr: new OutputLines((line) => observer.wrote('stderr', line)),
  };
  const flush = (): void => {
    lines.stdout.flush();
    lines.stderr.flush();
  };
  const process = new FunctionProcess(
    {
      program: execPath,
      args: [
        `--max-old-space-size=${settings.memory}`,
        ...[CHILD, settings.file, settings.exported],
        ...(debugPort === undefined ? [] : [String(debugPort)]),
      ],
      directory: settings.taskRoot,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    },
    means,
    {
      wrote(stream, line) {
        const said = debugPort === undefined ? undefined : inspectorLine(line);
        if (said === undefined) observer.wrote(stream, line);
        else if (said.url !== undefined) observer.debuggable(said.url);
      },
      exited: (exit) => {
        flush();
        observer.exited(exit, document);
      },
    },
  );
  const channel = process.child.stdio[3] as Socket | null | undefined;
  const onFrame = (kind: number, text: string): void => {
    switch (kind) {
      case ANSWER:
      case FAILURE:
        flush();
        observer.answered(text, kind === FAILURE);
        return;
      case STDOUT:
        lines.stdout.push(text);
        return;
      case STDERR:
        lines.stderr.push(text);
        return;
      case READY:
        flush();
        observer.ready();
        return;
      case FATAL:
        document = text;
        return;
      default:
        process.kill();
    }
  };
  const reader = readFrames(MAX_FRAME_BYTES, onFrame, () => {
    document = RESPONSE_TOO_LARGE;
    process.kill();
  });
  channel?.on('data', (bytes: Buffer) => reader.push(bytes));
  channel?.on('error', () => undefined);
  return {
    call: ({ awsRequestId, deadline, functionArn, traceId = '', clientContext = '', event }) => {
      const head = `${awsRequestId}\n${deadline}\n${functionArn}\n${traceId}\n${clientContext}\n`;
      channel?.write(frame(CALL, head + event));
    },
    kill: () => process.kill(),
  };
};
