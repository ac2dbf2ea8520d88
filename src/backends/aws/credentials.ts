// Credentials of the roles that integrations name (CredentialsArn): AssumeRole of AWS STS, at the SDK's standard endpoint
// (decision 0015; spec/http-api.md §3.6.1, §3.7).
import type { ServiceClient } from './client/client.ts';

/** As the AWS SDK's clients take them: an AwsCredentialIdentityProvider. */
export type CredentialsProvider = () => Promise<AwsCredentials>;

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** The role could not be assumed. The cause is the SDK's error. */
export class RoleError extends Error {
  override readonly name = 'RoleError';
}

/** How API Gateway calls the sessions of roles it assumes. */
const SESSION_NAME = 'BackplaneAssumeRoleSession';
/** Credentials that end sooner are not given out any more. */
const MARGIN_IN_MILLIS = 5 * 60_000;

const providers = new Map<string, CredentialsProvider>();
const clients = new Map<string, Promise<ServiceClient>>();

/** The provider of a role's credentials, the same one each time. They are kept until shortly before they expire, and
 *  callers who wait at the same time wait for one call. Rejects with RoleError. */
export function assumedCredentials(roleArn: string, region: string): CredentialsProvider {
  const key = `${region} ${roleArn}`;
  let provider = providers.get(key);
  if (provider === undefined) {
    provider = keptUntilExpiry(() => assumeRole(roleArn, region));
    providers.set(key, provider);
  }
  return provider;
}

/** What `assume` resolved to, until shortly before it expires. What it rejected with is not kept. */
export function keptUntilExpiry(assume: CredentialsProvider, now = Date.now): CredentialsProvider {
  let running: Promise<AwsCredentials> | undefined;
  let kept: AwsCredentials | undefined;
  return async () => {
    const isFresh =
      kept !== undefined &&
      (kept.expiration?.getTime() ?? Number.POSITIVE_INFINITY) - now() > MARGIN_IN_MILLIS;
    if (isFresh) return kept!;
    running ??= assume().finally(() => {
      running = undefined;
    });
    kept = await running;
    return kept;
  };
}

async function assumeRole(roleArn: string, region: string): Promise<AwsCredentials> {
  try {
    const [{ AssumeRole }, client] = await Promise.all([import('./client/sts.ts'), clientOf(region)]);
    const command = new AssumeRole({ RoleArn: roleArn, RoleSessionName: SESSION_NAME });
    const { Credentials } = await client.send(command);
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    if (AccessKeyId === undefined || SecretAccessKey === undefined) {
      throw new Error('the answer of STS has no credentials');
    }
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      ...(SessionToken === undefined ? {} : { sessionToken: SessionToken }),
      ...(Expiration === undefined ? {} : { expiration: Expiration }),
    };
  } catch (cause) {
    throw new RoleError(`The role ${roleArn} could not be assumed`, { cause });
  }
}

function clientOf(region: string): Promise<ServiceClient> {
  let client = clients.get(region);
  if (client === undefined) {
    client = createClient(region);
    clients.set(region, client);
  }
  return client;
}

async function createClient(region: string): Promise<ServiceClient> {
  const [{ ServiceClient: Client }, { STS }] = await Promise.all([
    import('./client/client.ts'),
    import('./client/sts.ts'),
  ]);
  return new Client(STS, { region });
}
