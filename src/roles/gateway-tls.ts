// The TLS of the gateway's listener, by the settings: certificates and truststores.
import type { AwsReach } from '../backends/aws/reach.ts';
import { GatewayTls } from '../net/listener/gateway-tls.ts';
import { ticketSecretIn, truststoresIn } from './data-directory.ts';
import { StartError } from './listening.ts';
import type { LivePart } from './live-settings.ts';
import type { RoleMeans } from './role.ts';

export interface TlsMeans extends Pick<RoleMeans, 'settings' | 'log' | 'clock'> {
  /** That of the data directory when absent. */
  readonly ticketSecret?: Uint8Array | undefined;
}

/** Throws StartError. */
export function openTls(means: TlsMeans, reach: AwsReach): GatewayTls {
  const { settings, log, clock } = means;
  const { tls, data, region, sections } = settings;
  const { certificates, truststores } = sections;
  try {
    return new GatewayTls(
      { files: tls, certificates, truststores },
      {
        directory: truststoresIn(data),
        region,
        log,
        s3Refusal: () => reach.refusal('s3'),
        ticketSecret: () => means.ticketSecret ?? ticketSecretIn(data),
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
