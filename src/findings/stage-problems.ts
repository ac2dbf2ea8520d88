// What is wrong with a stage, for people: `postern doctor` and the overview of the console say the same.

/** Of GET /_postern/stages. */
export interface StageReport {
  readonly apiId: string;
  readonly stageName: string;
  /** Why what is live is not what is wanted. */
  readonly problem?: string | undefined;
  readonly routeProblems: readonly {
    readonly routeKey: string;
    readonly part: string;
    readonly reason: string;
  }[];
}

/** A sentence each. */
export function stageProblems({ apiId, stageName, problem, routeProblems }: StageReport): string[] {
  const where = `stage ${stageName} of API ${apiId}`;
  return [
    ...(problem === undefined ? [] : [`${where}: ${problem}`]),
    ...routeProblems.map(
      ({ routeKey, part, reason }) =>
        `${where}, route ${routeKey}: the ${part} cannot run and answers with a failure: ${reason}`,
    ),
  ];
}
