// The TLS of the gateway's listener, by the settings: certificates and truststores.
import type { AwsReach } from '../backends/aws/reach.ts';
import { GatewayTls } from '../net/listener/gateway-tls.ts';
import { ticketSecretIn, truststoresIn } from './data-directory.ts';
import { StartError } from './listening.ts';
import type { LivePart } from './live-settings.ts';
import type { RoleMeans } from './role.ts';

type TlsMeans = Pick<RoleMeans, 'settings' | 'log' | 'clock'>;

/** Throws StartError. */
export function openTls(means: TlsMeans, reach: AwsReach): GatewayTls {
  const { settings, log, clock } = means;
  const { tls, data, region, sections } = settings;
  const { certificates, truststores, cluster } = sections;
  const [secret] = cluster.secrets;
  try {
    return new GatewayTls(
      { files: tls, certificates, truststores },
      {
        directory: truststoresIn(data),
        region,
        log,
        s3Refusal: () => reach.refusal('s3'),
        // Nodes of a cluster have a secret in common.
        ticketSecret: () => (secret === undefined ? ticketSecretIn(data) : Buffer.from(secret)),
        epoch: () => clock.epoch(),
      },
    );
  } catch (error) {
    throw new StartError(`TLS cannot be set up: ${error instanceof Error ? error.message : String(error)}.`, {
      cause: error,
    });
  }
}

/** How it takes other files for truststores. */
export function truststoresPart(tls: GatewayTls): LivePart {
  return {
    prepare: (next) => tls.checkTruststores(next.sections.truststores),
    apply: (next) => tls.setTruststores(next.sections.truststores),
  };
}
