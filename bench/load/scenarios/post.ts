// A POST of 10 KB through the same mapping.
import type { Scenario } from '../bench.ts';
import { petDocument, post as postLoad } from '../requests.ts';
import { ratio } from '../rounds.ts';
import { againstPeers } from './against-peers.ts';

const BODY = petDocument(10 * 1024);

export const post: Scenario = {
  name: 'post',
  title: 'Mapped POST /pets/{petId} with a body of 10 KB',
  run: (bench) =>
    againstPeers(bench, {
      names: ['nginx', 'haproxy', 'postern'],
      loadOf: (gateway) => postLoad(gateway.host, BODY),
      rounds: 5,
      seconds: 3,
      goals: (series) => [
        { what: 'requests/s / nginx', value: ratio(series, 'postern', 'nginx'), unit: '×', atLeast: 0.8 },
      ],
    }),
};
