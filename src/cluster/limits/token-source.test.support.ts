// What every source of tokens does, whoever counts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import {
  EMPTY_MILLIS,
  HOLD_MILLIS,
  LONG_EMPTY_MILLIS,
  type TokenAsk,
  type TokenGrant,
  type TokenSource,
} from '../../stage/token-source.ts';

/** A token in 1,000 seconds: nothing comes while a test runs. */
const HARDLY = 0.001;
const PATIENCE_MILLIS = 20_000;

export interface Opened {
  /** The source for one that holds tokens, and has this name. */
  of(holder: string): TokenSource;
  close(): Promise<void>;
}

/** `isCrowded`: others may hold up this process; what is timed is left out. */
export function tokenSourceContract(engine: string, opening: () => Promise<Opened>): void {
  describe(`tokens of ${engine}`, () => {
    let bucket = 0;

    interface Asked extends Partial<Pick<TokenAsk, 'due' | 'ahead' | 'back' | 'held'>> {
      readonly rate?: number;
      readonly burst?: number;
      readonly by?: string;
    }

    /** A bucket of its own, with the sources of its holders. */
    async function withBucket(work: (take: (asked: Asked) => Promise<TokenGrant>) => Promise<void>) {
      const opened = await opening();
      const name = `000000000000/us-east-1/api/stage/GET /${bucket++}/{id}`;
      try {
        await work(({ rate = HARDLY, burst = 100, by = 'a', due = 0, ahead = 0, back = 0, held = 0 }) =>
          opened
            .of(by)
            .take({ bucket: name, numbers: { rateLimit: rate, burstLimit: burst }, due, ahead, back, held }),
        );
      } finally {
        await opened.close();
      }
    }

    type Step = readonly [asked: Asked, granted: number];
    const rows: [name: string, steps: readonly Step[]][] = [
      [
        'it begins full, and gives no more than it has',
        [
          [{ due: 60 }, 60],
          [{ due: 60 }, 40],
          [{ due: 1 }, 0],
        ],
      ],
      [
        'holders take of the same',
        [
          [{ due: 60 }, 60],
          [{ due: 60, by: 'b' }, 40],
        ],
      ],
      ['what is due comes before what is held', [[{ due: 90, ahead: 90 }, 100]]],
      [
        'half of the burst is held ahead at most, by all together',
        [
          [{ ahead: 90 }, 50],
          [{ ahead: 9, by: 'b' }, 0],
        ],
      ],
      [
        'what is held still leaves no room for more',
        [
          [{ ahead: 40 }, 40],
          [{ ahead: 40, held: 40 }, 10],
        ],
      ],
      [
        'what comes back can be had again',
        [
          [{ ahead: 50 }, 50],
          [{ back: 30, held: 20 }, 0],
          [{ due: 100, by: 'b' }, 80],
        ],
      ],
      [
        'no more comes back than was held: what was due is spent',
        [
          [{ due: 100 }, 100],
          [{ back: 30 }, 0],
          [{ due: 30 }, 0],
        ],
      ],
      [
        'what is held leaves less room',
        [
          [{ ahead: 50 }, 50],
          [{ back: 99, held: 50 }, 0],
          [{ due: 99, by: 'b' }, 50],
        ],
      ],
      [
        'what was held and used is room again, which time fills',
        [
          [{ ahead: 50 }, 50],
          [{ due: 50, by: 'b' }, 50],
          [{ held: 0 }, 0],
          [{ due: 9 }, 0],
        ],
      ],
      [
        'a burst of 0 gives nothing, and leaves what there is',
        [
          [{ due: 40 }, 40],
          [{ burst: 0, due: 1 }, 0],
          [{ due: 200 }, 60],
        ],
      ],
      [
        'a rate of 0 gives nothing, and leaves what there is',
        [
          [{ due: 40 }, 40],
          [{ rate: 0, due: 1 }, 0],
          [{ due: 200 }, 60],
        ],
      ],
      [
        'lowered, it keeps what fits',
        [
          [{ due: 20 }, 20],
          [{ burst: 50, due: 90 }, 50],
        ],
      ],
      [
        'raised, it keeps what it has',
        [
          [{ due: 70 }, 70],
          [{ burst: 500, due: 90 }, 30],
        ],
      ],
      ['a burst below one gives nothing', [[{ burst: 0.5, due: 1 }, 0]]],
    ];
    for (const [name, steps] of rows) {
      test(name, () =>
        withBucket(async (take) => {
          const granted: number[] = [];
          for (const [asked] of steps) granted.push((await take(asked)).granted);
          assert.deepEqual(
            granted,
            steps.map(([, expected]) => expected),
          );
        }),
      );
    }

    test('it says how long it has nothing, 250 ms at most: what others hold may come back', () =>
      withBucket(async (take) => {
        assert.equal((await take({ due: 10 })).emptyForMillis, 0);
        const { emptyForMillis } = await take({ due: 90 });
        assert.equal(emptyForMillis, LONG_EMPTY_MILLIS);
      }));

    test('it says how long it has nothing, 20 ms at least where half of the burst takes longer', () =>
      withBucket(async (take) => {
        const { emptyForMillis } = await take({ due: 100, rate: 1_000 });
        assert.ok(emptyForMillis === EMPTY_MILLIS, String(emptyForMillis));
        const { emptyForMillis: ofSmall } = await take({ by: 'b', due: 100, rate: 20_000 });
        assert.ok(ofSmall <= 3, String(ofSmall));
      }));

    test('it fills at its rate', () =>
      withBucket(async (take) => {
        assert.equal((await take({ due: 100, rate: 50 })).granted, 100);
        const emptied = performance.now();
        let granted = 0;
        while (granted < 10) {
          await pause(5);
          ({ granted } = await take({ rate: 50, due: 0, ahead: 0 }));
          granted = (await take({ rate: 50, due: 10 })).granted;
          assert.ok(granted <= ((performance.now() - emptied) * 50) / 1_000 + 1, `${granted} came too early`);
          if (granted > 0) return;
          assert.ok(performance.now() - emptied < PATIENCE_MILLIS, 'nothing comes');
        }
      }));

    test('what nobody says to hold any more is room again', () =>
      withBucket(async (take) => {
        assert.equal((await take({ ahead: 50, rate: 100_000 })).granted, 50);
        const since = performance.now();
        // As much as fits beside what is held, until that is forgotten.
        for (;;) {
          const { granted } = await take({ due: 100, by: 'b', rate: 100_000 });
          if (granted > 50) break;
          assert.ok(performance.now() - since < PATIENCE_MILLIS, 'it is not forgotten');
          await pause(10);
        }
        assert.ok(performance.now() - since > HOLD_MILLIS - 50);
      }));
  });
}
