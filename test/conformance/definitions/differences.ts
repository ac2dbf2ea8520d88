// How deploys differ from CloudFormation and from the tools of others: what docs/compatibility.md says of definitions. Each of the choices of
// spec/definitions.md §16.1 is told, and each row names the test that shows it.

export interface DefinitionDifference {
  /** The sections as the page shows them. */
  readonly id: string;
  /** Numbers of choices: 12 is D12. */
  readonly choices: readonly number[];
  readonly differs: string;
  readonly why: string;
  /** A file of tests. */
  readonly shown: string;
}

export const definitionDifferences: readonly DefinitionDifference[] = [
  {
    id: '§1.1',
    choices: [1, 2, 50],
    differs:
      'What is deployed is found by its content, and a stack without a name is called as its directory. An OpenAPI document is a stack with one API and a stage that follows it.',
    why: 'One command without flags.',
    shown: 'src/sources/find-source.test.ts',
  },
  {
    id: '§1.1.3',
    choices: [3, 4],
    differs:
      'The server evaluates. An identity with policies needs the stack’s action and that of every call that the plan stands for; no role of the stack is assumed.',
    why: 'A deploy is no way around policies. Who may deploy functions may run code on the machine of the server.',
    shown: 'src/management/stack-permissions.test.ts',
  },
  {
    id: '§1.2 to §1.4',
    choices: [5, 6, 8],
    differs:
      'Options of the AWS, SAM and CDK CLIs are taken under their names; those without effect here are named in a note. Of `samconfig.toml` four keys are read: `stack_name`, `region`, `parameter_overrides`, `tags`.',
    why: 'Habits and scripts work.',
    shown: 'src/cli/deploy/stack-options.test.ts',
  },
  {
    id: '§1.3.2',
    choices: [7],
    differs: 'There is no way to switch authorizers off; `--disable-authorizer` of `sam local` is refused.',
    why: 'What is deployed is what runs.',
    shown: 'src/cli/deploy/stack-options.test.ts',
  },
  {
    id: '§1.5',
    choices: [9, 10, 31],
    differs:
      'What CloudFormation would make and Postern does not is a warning where an API depends on it, else a note. A type that nobody knows is a note too, where CloudFormation refuses the template.',
    why: 'Nothing is left out silently, and a new type of AWS needs no release of ours.',
    shown: 'src/resources/stacks/functions/stack-findings.test.ts',
  },
  {
    id: '§1.6',
    choices: [11],
    differs:
      '`AWS::URLSuffix` is AWS’s. Addresses of APIs of this installation are those of this machine in the environment of functions and in parameters of nested stacks that come from outputs; outputs keep AWS’s.',
    why: 'Code has to stay on the machine, and definitions as they are.',
    shown: 'test/conformance/definitions/functions.test.ts',
  },
  {
    id: '§2.1, §2.2',
    choices: [12],
    differs:
      'A template may have 8 MB with its includes and 5,000 resources; there is no limit of parameters, mappings and outputs. Aliases and merge keys of YAML are read. A key that is there twice is an error. A `Default` that is a boolean is its text.',
    why: 'The CLIs of AWS read them before they upload. A value that another hides is lost.',
    shown: 'src/definitions/attacks.test.ts',
  },
  {
    id: '§2.3, §4.4',
    choices: [13, 14],
    differs:
      'Includes may be local files, have short tags and include others, and are expanded before SAM. The language extensions work without their transform, with a note. Macros of your own are refused.',
    why: 'Templates hold local paths, which the CLIs of AWS upload. A macro is code of an account.',
    shown: 'src/definitions/macros/include.test.ts',
  },
  {
    id: '§3.1',
    choices: [15, 16, 17],
    differs:
      'AWS’s parameter types are text, and nobody is asked whether they exist. A `Default` that changed counts. An override for a parameter that is not there is an error at the command line. A secret of fewer than four characters is not hidden in sentences.',
    why: 'The definition counts, and not its history. Hiding `1` would garble every sentence.',
    shown: 'src/definitions/parameters.test.ts',
  },
  {
    id: '§3.1.7',
    choices: [18],
    differs: 'The CDK’s bootstrap version is 9999 where nobody says another.',
    why: 'Nothing has to be bootstrapped.',
    shown: 'src/definitions/parameters.test.ts',
  },
  {
    id: '§3.3.3, §4.2',
    choices: [19, 20],
    differs:
      'The branch of an `Fn::If` that is not taken is not evaluated, not even an index of `Fn::Select`. A region has the zones a, b and c. An attribute that a type does not have is told in one text, `Requested attribute … does not exist in schema for …`, also of types that CloudFormation has another for.',
    why: 'The same result everywhere. Which types have the older text is written nowhere.',
    shown: 'src/definitions/functions.test.ts',
  },
  {
    id: '§4.3, §6.5.3',
    choices: [21, 32, 33],
    differs:
      'Parameters of SSM, secrets, exports and objects of S3 come from `stacks` of the configuration file and from stacks that are here. Versions and stages of secrets are not looked at. AWS is not asked.',
    why: 'A deploy has to give the same everywhere.',
    shown: 'src/resources/stacks/shared-values.test.ts',
  },
  {
    id: '§4.6, §5.1',
    choices: [22, 23, 27],
    differs:
      'An update makes what a create would make, so a property that left the template has its default again. A destination that is there twice for a status is an error. `Stage.Id` and `AccessPolicyId` are errors.',
    why: 'No history is hidden in a resource, and nothing is ignored.',
    shown: 'src/resources/stacks/kinds/kinds.property.test.ts',
  },
  {
    id: '§5.2',
    choices: [24],
    differs:
      'Beside a body, properties that the template gives win over those of the body, and routes, integrations and authorizers of the stack stay when the body is imported again. Warnings of an import are warnings of the deploy.',
    why: 'That is what the template says. What CloudFormation does is not documented.',
    shown: 'src/resources/stacks/kinds/body.property.test.ts',
  },
  {
    id: '§5.6, §11.3',
    choices: [25, 26],
    differs:
      'Deployments and stages are made after all else of their API, whatever `DependsOn` says. A deployment that is unchanged while routes change is a warning.',
    why: 'Nobody wants a race. AWS says nothing of a stage that keeps serving what it had.',
    shown: 'src/resources/stacks/deploy.test.ts',
  },
  {
    id: '§5.16',
    choices: [],
    differs: '`AWS::ApiGatewayV2::PortalProduct` is an error.',
    why: 'Operations of developer portals answer 501.',
    shown: 'src/resources/stacks/kinds/kinds.test.ts',
  },
  {
    id: '§6.1',
    choices: [28],
    differs:
      'Ids of APIs, VPC links and stacks, and names that CloudFormation makes up, come from a hash of account, region, stack and logical id.',
    why: 'Addresses stay the same when the data directory is made anew.',
    shown: 'src/resources/stacks/deploy.test.ts',
  },
  {
    id: '§6.2',
    choices: [29],
    differs:
      'A VPC link of REST APIs, which WebSocket integrations name, is a link of HTTP APIs with a stand-in subnet. REST APIs themselves are not served: a warning. Custom resources are never run, and web ACLs filter nothing: warnings too.',
    why: 'Their functions call AWS.',
    shown: 'src/resources/stacks/functions/stack-findings.test.ts',
  },
  {
    id: '§6.3',
    choices: [30],
    differs: 'A user pool of the template issues no tokens: a warning, until settings say who does.',
    why: 'There is no Cognito here.',
    shown: 'src/resources/stacks/functions/stack-findings.test.ts',
  },
  {
    id: '§7.1, §7.2',
    choices: [34, 35],
    differs:
      'Functions run in processes of this machine; nothing is built; images and the runtimes of Java, Ruby and .NET do not run. Settings may name other code. An alias and a version lead to the function itself.',
    why: 'The loop stays fast and honest.',
    shown: 'test/conformance/definitions/functions.test.ts',
  },
  {
    id: '§7.3',
    choices: [],
    differs:
      'MemorySize is 1024 where nothing is said, Lambda’s is 128. Reserved concurrency of 0 is not applied, with a warning. The role of a function is told neither to it nor to anybody else: it has Postern’s credentials.',
    why: 'It bounds the heap of the runtime. There is no IAM to ask.',
    shown: 'test/conformance/definitions/functions.test.ts',
  },
  {
    id: '§7.4, §7.5',
    choices: [36, 37],
    differs:
      'A function has changed when the content of its code has, whatever the key of its object says. Layers are not mounted at `/opt`; packages of layers that are here are found, by functions in Node.js and Python.',
    why: 'Serverless writes the time into each key. `/opt` is the machine’s.',
    shown: 'src/functions/code/locate-code.test.ts',
  },
  {
    id: '§7.6 to §7.8',
    choices: [38],
    differs:
      'Permissions are not needed: a note says which route AWS would answer with 500 for want of one. Queues, schedules, buckets and streams send functions nothing: a note each.',
    why: 'Who configures the API owns the functions.',
    shown: 'src/resources/stacks/functions/stack-findings.test.ts',
  },
  {
    id: '§8',
    choices: [39, 40, 41],
    differs:
      'SAM is expanded by our own code, compared with the translator’s recorded results. A list parameter in CorsConfiguration is a list. An event on an `AWS::ApiGatewayV2::Api` is a warning, WebSocket routes that would get one id an error, and `AuthType` is taken in any case. The hash in ids of versions is not the translator’s.',
    why: 'The translator loses something silently in each, in the last case the protection of an API.',
    shown: 'test/conformance/definitions/sam-recorded.test.ts',
  },
  {
    id: '§9',
    choices: [],
    differs:
      'Assets are taken from the cloud assembly. Docker images are not built and not run. An assembly that lacks context is refused.',
    why: 'Looking it up needs an account.',
    shown: 'src/sources/assembly.test.ts',
  },
  {
    id: '§10',
    choices: [42, 43],
    differs:
      '`serverless.yml` is refused: its package is deployed, as version 3 makes it. `postern dev` runs the code of the service’s directory where handlers lead there, and not that of the artifact.',
    why: 'It is a program, which only Serverless can run.',
    shown: 'test/conformance/definitions/packages.test.ts',
  },
  {
    id: '§11.1, §11.2',
    choices: [44],
    differs:
      'A deploy is one transaction. There are no states but `CREATE_COMPLETE` and `UPDATE_COMPLETE`, no rollbacks, and a stack that was deleted is not listed. Capabilities are not asked for.',
    why: 'Clients see the old stack or the new one.',
    shown: 'src/resources/stacks/deploy.test.ts',
  },
  {
    id: '§11.3.4',
    choices: [45],
    differs:
      'A resource may take the unique name of one that leaves, and two routes may swap their keys, with a note that AWS refuses it.',
    why: 'Nothing is live before the end, so there is no gap.',
    shown: 'test/conformance/definitions/definitions.test.ts',
  },
  {
    id: '§11.4.5',
    choices: [46],
    differs:
      'What was changed outside is put back, and marked in the plan. What was added stays, with a note.',
    why: 'Deploying twice gives what the template says.',
    shown: 'test/conformance/definitions/definitions.test.ts',
  },
  {
    id: '§11.5',
    choices: [],
    differs:
      '`DeletionPolicy` and `UpdateReplacePolicy` count for what Postern makes. `CreationPolicy`, `UpdatePolicy`, stack policies and hooks have no effect.',
    why: 'There is nothing to wait for.',
    shown: 'src/resources/stacks/deploy.test.ts',
  },
  {
    id: '§12',
    choices: [47, 48],
    differs:
      '`postern dev` keeps its stacks in the data directory, and deploys stages without AutoDeploy anew. `--port` serves the HTTP API at a root as `sam local start-api` does, where the event’s `rawPath` begins with the stage’s name.',
    why: 'Ids stay from one start to the next.',
    shown: 'test/end-to-end/program/dev-command.test.ts',
  },
  {
    id: '§13',
    choices: [49],
    differs:
      'Of CloudFormation’s API fourteen operations are here, change sets among them; `CreateStack` and `UpdateStack` are not. A template comes as TemplateBody and names no local files, nothing is fetched from S3. What is refused is refused by CreateChangeSet at once. A change set is planned again when it is executed; a stack keeps 20. Events are those of the last deploy, with warnings as reasons. RetainResources is refused.',
    why: 'That is what `aws cloudformation deploy` and scripts need. The rest would be a second product.',
    shown: 'test/end-to-end/management/cloudformation.test.ts',
  },
];
