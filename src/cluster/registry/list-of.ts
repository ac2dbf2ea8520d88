// Results of many rows come from SQLite as one JSON text.
import type { SqlValue, Statement } from '../../store/sqlite/connection.ts';

export function listOf<T>(statement: Statement, values: readonly SqlValue[]): readonly T[] {
  return JSON.parse(String(statement.get(values)?.[0])) as readonly T[];
}
