// How many cases a property is tried on where its cases are cheap.

/** `POSTERN_TEST_RUNS=10000` tries more than a run of the suite has time for. */
export const NUM_RUNS = Number(process.env.POSTERN_TEST_RUNS ?? 1_000);
