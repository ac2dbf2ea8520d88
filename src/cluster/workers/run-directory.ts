// DATA/run: the sockets of a node's processes, and which processes they are. Whoever starts on the directory ends what a primary that was
// killed has left: a worker that was stopped or busy outlives it.
import { chmod, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makePrivateDirectory, PRIVATE_DIRECTORY, PRIVATE_FILE } from '../../private-files.ts';

/** One process, as the system knows it: numbers are used again, start times of a number are not. */
interface Listed {
  readonly role: string;
  readonly pid: number;
  /** Clock ticks since the machine started. */
  readonly startedAt: string;
}

interface List {
  /** Of this start of the machine. */
  readonly boot: string;
  /** Where sockets are. */
  readonly sockets: string;
  readonly processes: readonly Listed[];
}

/** The longest path of a Unix socket, a name in the directory included. */
const MAX_SOCKET_PATH = 100;
const LONGEST_NAME = 'management.sock';
/** Begins the name of a directory for sockets that is not in the data directory. */
const ELSEWHERE = 'postern-run-';
const ENDED_MILLIS = 5_000;

export class RunDirectory {
  readonly #directory: string;
  readonly #sockets: string;
  readonly #processes = new Map<number, Listed>();
  readonly #boot: string;
  /** One writes at a time. */
  #turn: Promise<void> = Promise.resolve();

  private constructor(directory: string, sockets: string, boot: string) {
    this.#directory = directory;
    this.#sockets = sockets;
    this.#boot = boot;
  }

  /** Of a data directory that is ours alone by now. Ends the processes that are listed and still run. */
  static async open(data: string): Promise<RunDirectory> {
    const directory = join(data, 'run');
    await makePrivateDirectory(directory);
    // Whoever reaches a socket says who a client is: it may have been made by another hand, or come from a backup.
    await chmod(directory, PRIVATE_DIRECTORY);
    const boot = await bootId();
    await endListed(directory, boot);
    const isShort = Buffer.byteLength(join(directory, LONGEST_NAME)) <= MAX_SOCKET_PATH;
    // Nobody else may have made it before.
    const sockets = isShort ? directory : await mkdtemp(join(tmpdir(), ELSEWHERE));
    return new RunDirectory(directory, sockets, boot);
  }

  /** The path of a socket, where nothing is any more. */
  async socket(name: 'management.sock' | 'functions.sock'): Promise<string> {
    const path = join(this.#sockets, name);
    await rm(path, { force: true });
    return path;
  }

  /** A process of ours runs. */
  async add(pid: number, role: string): Promise<void> {
    const startedAt = await startOf(pid);
    if (startedAt === undefined) return;
    this.#processes.set(pid, { role, pid, startedAt });
    await this.#write();
  }

  async remove(pid: number): Promise<void> {
    if (this.#processes.delete(pid)) await this.#write();
  }

  async close(): Promise<void> {
    await this.#turn;
    await rm(listIn(this.#directory), { force: true });
    if (this.#sockets !== this.#directory) await rm(this.#sockets, { recursive: true, force: true });
  }

  #write(): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      const list: List = {
        boot: this.#boot,
        sockets: this.#sockets,
        processes: [...this.#processes.values()],
      };
      const path = listIn(this.#directory);
      await writeFile(`${path}.new`, JSON.stringify(list), { mode: PRIVATE_FILE });
      await rename(`${path}.new`, path);
    });
    return this.#turn;
  }
}

function listIn(directory: string): string {
  return join(directory, 'processes.json');
}

/** Another after each start of the machine; '' where the system has none. */
async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim();
}

/** What the system says of a process: undefined where there is none, or it is over and nobody has asked for its end. The first thread may
 *  be over before others, which still have its sockets then. */
async function startOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name, in brackets, may hold anything.
  const [state, ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const isOver = (state === 'Z' || state === 'X') && Number(fields[16]) <= 1;
  return isOver ? undefined : fields[18];
}

async function endListed(directory: string, boot: string): Promise<void> {
  const { processes, sockets } = readList(await readFile(listIn(directory), 'utf8').catch(() => ''), boot);
  for (const { pid, startedAt } of processes) {
    if (pid === process.pid || (await startOf(pid)) !== startedAt) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
    const until = performance.now() + ENDED_MILLIS;
    while ((await startOf(pid)) === startedAt && performance.now() < until) await pause(10);
  }
  if (sockets.startsWith(join(tmpdir(), ELSEWHERE))) await rm(sockets, { recursive: true, force: true });
}

/** Of another start of the machine, or nothing that can be read: nobody. */
function readList(text: string, boot: string): Pick<List, 'processes' | 'sockets'> {
  try {
    const { boot: then, processes, sockets = '' }: Partial<List> = JSON.parse(text);
    if (boot !== '' && then === boot && Array.isArray(processes)) return { processes, sockets };
  } catch {
    // A list that was being written.
  }
  return { processes: [], sockets: '' };
}
