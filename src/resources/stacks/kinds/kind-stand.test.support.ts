// Kinds of stacks at work in a store of their own: resources by the YAML of their properties, whatever is made rolled back.
import { after, test } from 'node:test';
import { contextOf, openTestStore } from '../../../../test/support/test-store.ts';
import { convert } from '../../../definitions/schema/convert.ts';
import type { Document, Store } from '../../../store/store.ts';
import type { MapNode } from '../../../tree/node.ts';
import { readText } from '../../../tree/read-text.ts';
import { type OperationName, operationNamed } from '../../../wire/operation.ts';
import type { AnyInput } from '../../../wire/parse.ts';
import type { Context } from '../../context.ts';
import { handlers } from '../../handlers.ts';
import { pathKey } from '../../resource-path.ts';
import type { Desired, Written } from '../stack-kind.ts';
import { kindOf } from './kinds.ts';

class RolledBack extends Error {}

export const SYSTEM_TAGS = { 'aws:cloudformation:stack-name': 'pets', team: 'x' };

export const LATER = new Date('2026-03-02T12:00:00Z');

export function desiredOf(type: string, yaml: string): Desired {
  const converted = convert(readText(yaml) as MapNode, { type: `AWS::${type}`, logicalId: 'R' })!;
  return { ...converted, tags: SYSTEM_TAGS };
}

/** A resource that is made. */
export interface Resource {
  readonly type: string;
  readonly desired: Desired;
  readonly written: Written;
}

export class Stand {
  readonly context: Context;

  constructor(context: Context) {
    this.context = context;
  }

  async create(type: string, yaml: string, wishedId?: string): Promise<Resource> {
    const desired = desiredOf(`ApiGatewayV2::${type}`, yaml);
    const written = await kindOf(`AWS::ApiGatewayV2::${type}`)!.create(this.context, desired, wishedId);
    return { type, desired, written };
  }

  /** A day later. Undefined when it is not there any more. */
  async update(before: Resource, yaml: string): Promise<Resource | undefined> {
    const { type } = before;
    const desired = desiredOf(`ApiGatewayV2::${type}`, yaml);
    const context = { ...this.context, now: LATER };
    const kind = kindOf(`AWS::ApiGatewayV2::${type}`)!;
    const written = await kind.update(context, before.written, before.desired, desired);
    return written && { type, desired, written };
  }

  async delete({ type, desired, written }: Resource, isFollowed?: boolean): Promise<void> {
    await kindOf(`AWS::ApiGatewayV2::${type}`)!.delete(this.context, written, desired, isFollowed);
  }

  call(operation: OperationName, given: object): Promise<Readonly<Record<string, never>>> {
    const all = handlers as never as Record<string, (given: object, context: Context) => Promise<never>>;
    return all[operation]!(given, this.context);
  }

  /** The document that GetX is of. */
  stored(operation: OperationName, ids: AnyInput): Promise<Document | undefined> {
    return this.context.tx.get(pathKey(operationNamed(operation), ids, this.context));
  }

  async list(operation: OperationName, given: object): Promise<readonly Record<string, unknown>[]> {
    return (await this.call(operation, given)).Items as never;
  }
}

/** A store for all tests of a file, opened when it is wanted. */
export function storeOfTests(): () => Promise<Store> {
  let opened: Promise<Store> | undefined;
  const closing: (() => Promise<void>)[] = [];
  after(async () => {
    for (const close of closing) await close();
  });
  return () => {
    opened ??= openTestStore({ after: (close) => void closing.push(close as () => Promise<void>) });
    return opened;
  };
}

/** What defines tests whose work leaves nothing behind. */
export function testsInOneStore(): (name: string, work: (stand: Stand) => Promise<void>) => void {
  const store = storeOfTests();
  return (name, work) => {
    test(name, async () => inStore(await store(), work));
  };
}

/** Runs some work with nothing of it staying. */
export async function inStore<T>(store: Store, work: (stand: Stand) => Promise<T>): Promise<T> {
  let result: T;
  try {
    await store.transact(async (tx) => {
      result = await work(new Stand(contextOf(tx)));
      throw new RolledBack();
    });
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
  }
  return result!;
}
