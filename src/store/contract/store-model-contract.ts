// Test-only: random operation sequences on a store agree with the same sequences on a plain Map.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../../test/support/num-runs.ts';
import { unreachable } from '../../defect.ts';
import type { Key, Listing, Page, Store } from '../store.ts';
import type { StoreEngine } from './store-contract.ts';

type Operation =
  | { readonly do: 'put'; readonly key: Key; readonly value: number }
  | { readonly do: 'delete'; readonly key: Key }
  | { readonly do: 'get'; readonly key: Key }
  | { readonly do: 'list'; readonly key: Key; readonly limit: number };

interface Work {
  readonly operations: readonly Operation[];
  readonly throws: boolean;
}

/** Insertion order is creation order, and a Map keeps the place of a replaced entry: the contract in one data type. */
type Model = Map<string, number>;

const id = fc.constantFrom('a', 'a1', 'a-', 'b/c', '%');
const key: fc.Arbitrary<Key> = fc.oneof(
  id.map((x): Key => ['apis', x]),
  fc.tuple(id, id).map(([x, y]): Key => ['apis', x, 'routes', y]),
  fc.tuple(id, id, id).map(([x, y, z]): Key => ['apis', x, 'routes', y, 'responses', z]),
);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('put' as const), key, value: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), key }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('get' as const), key }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('list' as const), key, limit: fc.integer({ min: 1, max: 4 }) }),
  },
);
const work: fc.Arbitrary<Work> = fc.record({
  operations: fc.array(operation, { maxLength: 12 }),
  throws: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
});
/** Each inner list runs at the same time. */
const history = fc.array(fc.array(work, { minLength: 1, maxLength: 4 }), { maxLength: 4 });

const UNDONE = new Error('undone');

export function storeModelContract(engine: StoreEngine): void {
  describe(`the store model on ${engine.name}`, () => {
    let location = '';
    let store: Store;
    let account = 0;

    before(async () => {
      location = await engine.createLocation();
      store = await engine.open(location);
    });
    after(async () => {
      await store.close();
      await engine.removeLocation(location);
    });

    test('random transactions agree with a Map', async () => {
      await fc.assert(
        fc.asyncProperty(history, async (groups) => {
          const root: Key = [`${++account}`, 'r'];
          let model: Model = new Map();
          for (const group of groups) {
            const seen = await Promise.all(
              group.map(({ operations, throws }) => {
                const answers: unknown[] = [];
                return store
                  .transact(async (tx) => {
                    for (const each of operations) {
                      const at = [...root, ...each.key];
                      if (each.do === 'put') await tx.put(at, { value: each.value });
                      else if (each.do === 'delete') await tx.delete(at);
                      else if (each.do === 'get') answers.push((await tx.get(at))?.value);
                      else
                        answers.push(
                          await listIn(at.slice(0, -1), each.limit, (page) => tx.list(at.slice(0, -1), page)),
                        );
                    }
                    if (throws) throw UNDONE;
                  })
                  .then(
                    () => ({ answers, kept: true }),
                    (error) => {
                      assert.equal(error, UNDONE);
                      return { answers, kept: false };
                    },
                  );
              }),
            );
            for (const [index, { operations, throws }] of group.entries()) {
              const next: Model = new Map(model);
              const answers = operations.flatMap((each) => applyTo(next, each));
              if (!throws) model = next;
              assert.deepEqual(seen[index], { answers, kept: !throws });
            }
          }
          for (const collection of [
            ['apis'],
            ['apis', 'a', 'routes'],
            ['apis', 'a', 'routes', 'a', 'responses'],
          ]) {
            const at = [...root, ...collection];
            assert.deepEqual(
              await store.read((tx) => listIn(at, 2, (page) => tx.list(at, page))),
              inCollection(model, collection),
            );
          }
        }),
        { numRuns: engine.histories ?? NUM_RUNS / 5 },
      );
      await store.checkIntegrity();
    });
  });
}

/** Every page of a collection: [id, value] pairs. */
async function listIn(
  collection: Key,
  limit: number,
  list: (page: Page) => Promise<Listing>,
): Promise<unknown[]> {
  const found: unknown[] = [];
  let next: string | undefined;
  do {
    const listing: Listing = await list(next === undefined ? { limit } : { limit, after: next });
    assert.ok(listing.entries.length <= limit);
    for (const entry of listing.entries) {
      assert.deepEqual(entry.key.slice(0, -1), collection);
      found.push([entry.key.at(-1), entry.document.value]);
    }
    next = listing.next;
  } while (next !== undefined);
  return found;
}

function applyTo(model: Model, each: Operation): unknown[] {
  const text = JSON.stringify(each.key);
  switch (each.do) {
    case 'put':
      model.set(text, each.value);
      return [];
    case 'delete':
      for (const other of [...model.keys()]) {
        if (other === text || other.startsWith(`${text.slice(0, -1)},`)) model.delete(other);
      }
      return [];
    case 'get':
      return [model.get(text)];
    case 'list':
      return [inCollection(model, each.key.slice(0, -1))];
    default:
      unreachable(each);
  }
}

function inCollection(model: Model, collection: Key): unknown[] {
  const found: unknown[] = [];
  for (const [text, value] of model) {
    const at: string[] = JSON.parse(text);
    if (at.length === collection.length + 1 && collection.every((segment, i) => segment === at[i])) {
      found.push([at.at(-1), value]);
    }
  }
  return found;
}
