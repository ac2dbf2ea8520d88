// What a server is asked to deploy (spec/definitions.md §1.1.3): whoever asks has read the files, the server evaluates and applies.

/** A text, and what it is called in findings: `template.yaml`, `src/api.yaml`. */
export interface SourceText {
  readonly name: string;
  readonly text: string;
}

/** A file of an assembly or a package that a template names by a key in a bucket (§9.3, §10.3). */
export interface Asset {
  /** Absolute. */
  readonly path: string;
  /** `directory` and `zip` hold code, `file` is taken as it is. */
  readonly packaging: 'directory' | 'zip' | 'file';
}

/** Where stacks are; undefined where the server says. */
export interface StackPlace {
  readonly account: string | undefined;
  readonly region: string | undefined;
}

export interface DeployRequest {
  readonly stackName: string;
  readonly template: SourceText;
  /** Absolute: where local paths of the template start (§2.4). A template without one has none. */
  readonly directory?: string;
  /** Texts that an earlier answer said were needed, by their absolute paths; a text says why there is none. */
  readonly files?: { readonly [path: string]: SourceText | string };
  /** By the end of their keys in buckets: `{hash}.zip`, `{hash}.json`. */
  readonly assets?: { readonly [key: string]: Asset };
  /** Values that somebody asked for: names that the template lacks are errors (§3.1.4). */
  readonly parameters?: { readonly [name: string]: string };
  /** Values of samconfig.toml or of an assembly: names that the template lacks are notes. */
  readonly defaults?: { readonly [name: string]: string };
  readonly tags?: { readonly [key: string]: string };
  /** Variables of functions in the file format of `sam local` (§12.5): those of `Parameters`, and by logical id or name. */
  readonly variables?: { readonly [function_: string]: { readonly [name: string]: string } };
  readonly dryRun?: boolean;
  /** Warnings are errors. */
  readonly strict?: boolean;
  /** Stages without AutoDeploy are deployed to as well (§12.3). */
  readonly redeploy?: boolean;
  /** A delete of the stack needs to be forced (§9.8). */
  readonly terminationProtection?: boolean;
  /** Where the definition came from, for people: `template.yaml`, `cdk.out`. */
  readonly source?: string;
  /** Of a file that was given, but has no effect: notes of the report. */
  readonly notes?: readonly string[];
}
