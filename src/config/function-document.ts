// A function of a stack as it is stored (spec/definitions.md §7): what the template says of it, and where its code was found.

export interface FunctionDocument {
  readonly Account: string;
  readonly Region: string;
  readonly FunctionName: string;
  /** The stack that was deployed, and the logical id in it: `Parent.Child` in a nested one. */
  readonly StackName: string;
  readonly LogicalId: string;
  readonly Environment: { readonly [name: string]: string };
  /** Seconds; Lambda's default where there is none. */
  readonly Timeout?: number;
  /** MB. */
  readonly MemorySize?: number;
  /** Instances at most. */
  readonly Concurrency?: number;
  /** Absent where nobody here has any. */
  readonly Code?: FunctionCodeDocument;
}

/** What of a function is on this machine. Paths are absolute. */
export interface FunctionCodeDocument {
  readonly Runtime: 'nodejs' | 'python' | 'provided';
  readonly File: string;
  readonly Export: string;
  readonly Handler: string;
  readonly TaskRoot: string;
  /** What is watched for changes; nothing of what was unpacked here, whose directory has the hash of its content as its name. */
  readonly Watch: readonly string[];
}
