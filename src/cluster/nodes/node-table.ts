// The table of nodes in PostgreSQL, which says who is alive. Each function is one statement: what it decides, it decides once, however many
// nodes ask at the same time. The only clock in it is PostgreSQL's.
import { ALIVE, type SqlSource } from '../../store/postgres/sql-source.ts';

/** `drained`: it has closed its sockets, and hands over what it has not told. `gone`: it was declared dead. */
export type NodeState = 'up' | 'draining' | 'drained' | 'gone';

/** What a node says of itself when it takes a lease. */
export interface NodeSelf {
  /** What people call it. */
  readonly name: string;
  /** Where the others dial it: `HOST:PORT`; empty for one that takes no links. */
  readonly address: string;
  readonly program: string;
  readonly level: number;
}

/** What a node says with each beat. */
export interface BeatCarried {
  /** The newest change that is live on all its workers. */
  readonly applied: number;
  /** The newest lease that the answer to its last beat told of. */
  readonly knows: number;
  /** What its configuration file says, as a digest; empty without one. */
  readonly config: string;
  /** Open connections by account and region: `000000000000/us-east-1`. */
  readonly connections: { readonly [place: string]: number };
}

/** A node that lives, as the last beat's answer tells. */
export interface NodeRow extends NodeSelf, BeatCarried {
  readonly incarnation: number;
  readonly number: number;
  readonly state: 'up' | 'draining';
  /** PostgreSQL's time of its last beat, as text: told apart, never counted with. */
  readonly beatAt: string;
  /** How long ago that was, by PostgreSQL's clock; for people. */
  readonly silentMillis: number;
}

export interface BeatAnswer {
  /** False: the lease has ended. */
  readonly isAlive: boolean;
  /** The newest change in the store. */
  readonly latest: number;
  /** The living, who asks among them. */
  readonly nodes: readonly NodeRow[];
  /** Incarnations that are not alive, and have connections whose ends nobody has told. */
  readonly ended: readonly number[];
}

export interface Lease {
  readonly incarnation: number;
  readonly number: number;
}

/** Node numbers are 10 bits of a connection id. */
export const MOST_NODES = 1_024;

export class NodeTable {
  readonly #sql: Pick<SqlSource, 'schema' | 'beat' | 'query'>;

  constructor(sql: Pick<SqlSource, 'schema' | 'beat' | 'query'>) {
    this.#sql = sql;
  }

  /** Takes the smallest free number; undefined when there is none, or another was quicker. One after the other does, so that leases
   *  become visible in the order of their incarnations. */
  async take({ name, address, program, level }: NodeSelf): Promise<Lease | undefined> {
    const { schema, beat } = this.#sql;
    const { rows } = await beat(
      `insert into ${schema}.node (number, name, address, program, level, state, beat_at)
       select free, $1, $2, $3, $4, 'up', clock_timestamp()
       from (select pg_advisory_xact_lock(hashtext('postern node ' || $5))) as turn,
         lateral (select min(n) as free from generate_series(0, ${MOST_NODES - 1}) as n
                  where not exists (select from ${schema}.node where number = n and ${ALIVE})) as numbers
       where free is not null
       on conflict do nothing
       returning incarnation, number`,
      [name, address, program, level, schema],
    );
    const [row] = rows;
    return row === undefined ? undefined : { incarnation: Number(row[0]), number: Number(row[1]) };
  }

  async beat(incarnation: number, { applied, knows, config, connections }: BeatCarried): Promise<BeatAnswer> {
    const { schema, beat } = this.#sql;
    const { rows } = await beat(
      `with mine as (
         update ${schema}.node set beat_at = clock_timestamp(), applied = $2, knows = $3, config = $4, connections = $5::jsonb
         where incarnation = $1 and ${ALIVE}
         returning 1)
       select
         exists (select from mine),
         (select latest from ${schema}.head),
         (select coalesce(jsonb_agg(jsonb_build_object(
             'incarnation', incarnation, 'number', number, 'name', name, 'address', address, 'program', program,
             'level', level, 'state', state, 'beatAt', beat_at::text, 'applied', applied, 'knows', knows,
             'silentMillis', greatest(0, floor(extract(epoch from clock_timestamp() - beat_at) * 1000)),
             'config', config, 'connections', coalesce(connections, '{}')) order by number), '[]')::text
          from ${schema}.node where ${ALIVE}),
         (select coalesce(jsonb_agg(incarnation), '[]')::text
          from ${schema}.node where state in ('drained', 'gone')
            and exists (select from ${schema}.connection where holder = incarnation))`,
      [incarnation, applied, knows, config, JSON.stringify(connections)],
    );
    const [isAlive, latest, nodes, ended] = rows[0] as [boolean, string, string, string];
    return { isAlive, latest: Number(latest ?? 0), nodes: JSON.parse(nodes), ended: JSON.parse(ended) };
  }

  /** The numbers of the living. Not on the connection of beats: callers may be many. */
  async numbers(): Promise<ReadonlySet<number>> {
    const { schema, query } = this.#sql;
    const { rows } = await query(`select number from ${schema}.node where ${ALIVE}`);
    return new Set(rows.map(([number]) => Number(number)));
  }

  /** Declares a node gone that has not beaten since `beatAt`. Tells whether it did: another may have been quicker, or the node. */
  async declareGone(incarnation: number, beatAt: string): Promise<boolean> {
    const { schema, beat } = this.#sql;
    const { count } = await beat(
      `update ${schema}.node set state = 'gone'
       where incarnation = $1 and beat_at = $2::timestamptz and ${ALIVE}`,
      [incarnation, beatAt],
    );
    return count > 0;
  }

  /** What a node says of its own lease, or who has taken its place in the same directory of the same machine. */
  async setState(incarnation: number, state: Exclude<NodeState, 'up'>): Promise<void> {
    const { schema, beat } = this.#sql;
    await beat(`update ${schema}.node set state = $2 where incarnation = $1 and ${ALIVE}`, [
      incarnation,
      state,
    ]);
  }
}
