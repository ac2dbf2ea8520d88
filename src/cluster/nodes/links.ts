// The links of a node: channels to every other one that lives. Each dials every other, so that two have up to two channels. What one says
// goes over the same of them for as long as it is there, so that nothing overtakes what was said before. A link that breaks proves nothing about a node: only its lease does.
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../defect.ts';
import {
  type Asker,
  type Channel,
  ChannelError,
  type ChannelHandlers,
  type ChannelLimits,
} from '../../net/channel/channel.ts';
import type { Log } from '../../telemetry/log.ts';
import { dial, type Peer } from './dial.ts';
import type { Hello } from './hello.ts';
import type { LeaseTimes } from './lease-times.ts';
import type { LinkSecurity } from './link-security.ts';
import { LinkServer } from './link-server.ts';

export interface LinksMeans {
  readonly security: LinkSecurity;
  readonly times: LeaseTimes;
  /** Who this node is now; undefined without a lease, and then there are no links. */
  readonly me: () => Hello | undefined;
  readonly log: Log;
}

/** Answers what another node has asked. */
type AskHandler = (body: Buffer, from: number, asker: Asker) => ReturnType<ChannelHandlers['onAsk']>;
type TellHandler = (body: Buffer, from: number) => void;

const MAX_FRAME_BYTES = 256 * 1_024;
const MAX_WAITING_BYTES = 8 * 1_024 * 1_024;
const FIRST_REDIAL_MILLIS = 100;
const LONGEST_REDIAL_MILLIS = 2_000;

interface Link {
  readonly peer: Peer;
  readonly stop: AbortController;
  dialled: Channel | undefined;
  accepted: Channel | undefined;
  /** Of the two the one that carries what is said. */
  carrier: Channel | undefined;
}

export class Links {
  readonly #means: LinksMeans;
  readonly #limits: ChannelLimits;
  readonly #server: LinkServer;
  readonly #links = new Map<number, Link>();
  /** Of nodes that dialled before a beat told of them. */
  readonly #early = new Map<number, Channel>();
  readonly #asks = new Map<number, AskHandler>();
  readonly #tells = new Map<number, TellHandler>();
  readonly #onLinked: ((incarnation: number) => void)[] = [];

  constructor(means: LinksMeans) {
    this.#means = means;
    this.#limits = {
      maxFrameBytes: MAX_FRAME_BYTES,
      maxWaitingBytes: MAX_WAITING_BYTES,
      pingMillis: 2 * means.times.beat,
      deadMillis: means.times.unsure,
    };
    this.#server = new LinkServer({
      ...means,
      limits: this.#limits,
      handlersFor: ({ incarnation }, channel) =>
        this.#handlers(incarnation, () => this.#lost(incarnation, channel())),
      onLink: ({ incarnation }, channel) => this.#take(incarnation, channel),
    });
  }

  onAsk(kind: number, handler: AskHandler): void {
    this.#asks.set(kind, handler);
  }

  onTell(kind: number, handler: TellHandler): void {
    this.#tells.set(kind, handler);
  }

  /** Hears of each channel to a node that there is anew. */
  onLinked(listener: (incarnation: number) => void): void {
    this.#onLinked.push(listener);
  }

  /** Tells the port. Rejects when the address cannot be had. */
  listen(host: string, port: number): Promise<number> {
    return this.#server.listen(host, port);
  }

  /** The nodes that live, but itself. Others have no link any more. */
  setPeers(peers: readonly Peer[]): void {
    const living = new Set(peers.map(({ incarnation }) => incarnation));
    for (const [incarnation, link] of this.#links) {
      if (!living.has(incarnation)) this.#drop(incarnation, link);
    }
    for (const peer of peers) {
      if (this.#links.has(peer.incarnation)) continue;
      const stop = new AbortController();
      const link: Link = { peer, stop, dialled: undefined, accepted: undefined, carrier: undefined };
      this.#links.set(peer.incarnation, link);
      const early = this.#early.get(peer.incarnation);
      this.#early.delete(peer.incarnation);
      if (early !== undefined) this.#take(peer.incarnation, early);
      void this.#keepDialled(link);
    }
  }

  isLinked(incarnation: number): boolean {
    return this.#channelTo(incarnation) !== undefined;
  }

  /** Incarnations of the nodes that are linked. */
  linked(): readonly number[] {
    return [...this.#links.keys()].filter((incarnation) => this.isLinked(incarnation));
  }

  /** Rejects with ChannelError. */
  ask(incarnation: number, kind: number, body: Buffer | string, timeoutMillis: number): Promise<Buffer> {
    const channel = this.#channelTo(incarnation);
    if (channel === undefined) return Promise.reject(new ChannelError('There is no link to that node.'));
    return channel.ask(kind, body, timeoutMillis);
  }

  /** The same for an asker, whoever it is. */
  askFor(
    asker: Asker,
    incarnation: number,
    kind: number,
    body: Buffer | string,
    timeoutMillis: number,
  ): void {
    const channel = this.#channelTo(incarnation);
    if (channel === undefined) asker.refuse('There is no link to that node.');
    else channel.askFor(asker, kind, body, timeoutMillis);
  }

  /** To all that are linked. */
  tellAll(kind: number, body: Buffer | string): void {
    for (const incarnation of this.#links.keys()) this.tell(incarnation, kind, body);
  }

  tell(incarnation: number, kind: number, body: Buffer | string): void {
    this.#channelTo(incarnation)?.tell(kind, body);
  }

  /** Ends all links: this node is another one now, or none. */
  endAll(): void {
    for (const [incarnation, link] of this.#links) this.#drop(incarnation, link);
    this.#early.clear();
    this.#server.endAll();
  }

  close(): Promise<void> {
    this.endAll();
    return this.#server.close();
  }

  #channelTo(incarnation: number): Channel | undefined {
    return this.#links.get(incarnation)?.carrier;
  }

  #handlers(incarnation: number, onEnd: () => void): ChannelHandlers {
    return {
      onAsk: (kind, body, asker) => {
        const handler = this.#asks.get(kind);
        if (handler === undefined) throw new Error('This node does not know what it is asked.');
        return handler(body, incarnation, asker);
      },
      onTell: (kind, body) => this.#tells.get(kind)?.(body, incarnation),
      onEnd,
    };
  }

  /** A channel that the other node has dialled. */
  #take(incarnation: number, channel: Channel): void {
    const link = this.#links.get(incarnation);
    if (link === undefined) {
      this.#early.get(incarnation)?.end();
      this.#early.set(incarnation, channel);
      return;
    }
    const before = link.accepted;
    link.accepted = channel;
    link.carrier ??= channel;
    before?.end();
    this.#linked(incarnation);
  }

  #lost(incarnation: number, channel: Channel): void {
    if (this.#early.get(incarnation) === channel) this.#early.delete(incarnation);
    const link = this.#links.get(incarnation);
    if (link?.accepted === channel) link.accepted = undefined;
    if (link?.carrier === channel) link.carrier = link.dialled ?? link.accepted;
  }

  #drop(incarnation: number, { stop, dialled, accepted }: Link): void {
    this.#links.delete(incarnation);
    stop.abort();
    dialled?.end();
    accepted?.end();
  }

  #linked(incarnation: number): void {
    for (const listener of this.#onLinked) listener(incarnation);
  }

  /** Dials for as long as the node lives. */
  async #keepDialled(link: Link): Promise<void> {
    const { peer, stop } = link;
    const { signal } = stop;
    let failures = 0;
    let told: string | undefined;
    while (!signal.aborted) {
      const me = this.#means.me();
      if (me === undefined) return;
      let why = 'The connection ended.';
      try {
        const ended = await new Promise<Promise<void>>((resolve, reject) => {
          const end = new Promise<void>((ends) => {
            const handlers = this.#handlers(peer.incarnation, () => {
              const { dialled } = link;
              link.dialled = undefined;
              if (link.carrier === dialled) link.carrier = link.accepted;
              ends();
            });
            dial({ ...this.#means, peer, me, limits: this.#limits, handlers, signal }).then((channel) => {
              link.dialled = channel;
              link.carrier ??= channel;
              this.#linked(peer.incarnation);
              resolve(end);
            }, reject);
          });
        });
        this.#means.log('link.up', { node: peer.number, address: peer.address });
        [failures, told] = [0, undefined];
        await ended;
      } catch (error) {
        why = messageOf(error);
      }
      if (signal.aborted) return;
      if (told !== why)
        this.#means.log('link.down', { node: peer.number, address: peer.address, reason: why });
      told = why;
      const longest = Math.min(LONGEST_REDIAL_MILLIS, FIRST_REDIAL_MILLIS * 2 ** failures++);
      // All that have lost a node dial it again, but not at the same time.
      const millis = longest * (0.5 + Math.random() / 2);
      await pause(millis, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
