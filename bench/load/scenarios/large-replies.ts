// Replies of 100 KB and of 1 MB through the mapped GET, streamed by every gateway.
import { LARGE_REPLIES } from '../backend.ts';
import type { Bench, Goal, Outcome, Row, Scenario } from '../bench.ts';
import { get, TARGET } from '../requests.ts';
import { ratio } from '../rounds.ts';
import { againstPeers } from './against-peers.ts';

export const largeReplies: Scenario = {
  name: 'large-replies',
  title: 'The mapped GET with replies of 100 KB and of 1 MB, 16 connections',
  async run(bench): Promise<Outcome> {
    const table: Row[] = [];
    const goals: Goal[] = [];
    const notes = new Set<string>();
    for (const pet of ['100k', '1m'] as const) {
      const outcome = await oneSize(bench, pet);
      table.push(...outcome.table.map((row) => ({ reply: SIZES[pet], ...row })));
      goals.push(...outcome.goals);
      for (const note of outcome.notes ?? []) notes.add(note);
    }
    return { table, goals, notes: [...notes] };
  },
};

const SIZES = { '100k': '100 KB', '1m': '1 MB' } as const;

function oneSize(bench: Bench, pet: keyof typeof LARGE_REPLIES): Promise<Outcome> {
  return againstPeers(bench, {
    names: ['nginx', 'haproxy', 'postern', 'caddy'],
    bytes: LARGE_REPLIES[pet],
    loadOf: ({ host }) => ({ ...get(host, TARGET.replace('42', pet)), connections: 16 }),
    rounds: 5,
    seconds: 2,
    goals: (series) => [
      {
        what: `replies/s of ${SIZES[pet]} / nginx`,
        value: ratio(series, 'postern', 'nginx'),
        unit: '×',
        atLeast: 0.6,
      },
      {
        what: `replies/s of ${SIZES[pet]} / Caddy`,
        value: ratio(series, 'postern', 'caddy'),
        unit: '×',
        atLeast: 1,
      },
    ],
  });
}
