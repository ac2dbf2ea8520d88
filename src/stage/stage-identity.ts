// What both kinds of stage are called, and their own settings.

export interface StageIdentity {
  readonly accountId: string;
  readonly region: string;
  readonly apiId: string;
  readonly name: string;
  readonly deploymentId: string;
  readonly variables: ReadonlyMap<string, string>;
}
