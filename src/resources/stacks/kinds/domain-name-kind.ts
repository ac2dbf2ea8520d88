// AWS::ApiGatewayV2::DomainName (spec/definitions.md §5.7).
import type { Finding } from '../../../definitions/finding.ts';
import type { Context } from '../../context.ts';
import { domainNameArn, domainNames } from '../../domain/domain-name.ts';
import type { DomainNameDocument } from '../../domain/domain-name-document.ts';
import type { Desired, StackKind } from '../stack-kind.ts';
import { resourceKind } from './resource-kind.ts';

const kind = resourceKind('AWS::ApiGatewayV2::DomainName', domainNames, {
  idMember: 'DomainName',
  isTagged: true,
  hidesId: true,
  attributes({ DomainName, DomainNameConfigurations: [configuration] }, _given, { region }) {
    const { ApiGatewayDomainName = '', HostedZoneId = '' } = configuration ?? {};
    return {
      RegionalDomainName: ApiGatewayDomainName,
      RegionalHostedZoneId: HostedZoneId,
      DomainNameArn: domainNameArn(DomainName, region),
    };
  },
  own: [],
});

export const domainNameKind: StackKind = {
  ...kind,
  async create(context, desired, wishedId) {
    const written = await kind.create(context, desired, wishedId);
    return { ...written, findings: unknownCertificate(context, desired) };
  },
  async update(context, made, before, desired) {
    const written = await kind.update(context, made, before, desired);
    return written && { ...written, findings: unknownCertificate(context, desired) };
  },
};

/** §5.7.1: clients that come by TLS are shown another certificate. */
function unknownCertificate(context: Context, { properties }: Desired): readonly Finding[] {
  const { DomainName, DomainNameConfigurations } = properties as unknown as DomainNameDocument;
  const { CertificateArn = '' } = DomainNameConfigurations[0] ?? {};
  if (context.certificateCovers === undefined) return [];
  if (context.certificateCovers(CertificateArn, DomainName) !== undefined) return [];
  const isServedByTls = context.endpoint('a', 'HTTP').startsWith('https:');
  return [
    {
      severity: isServedByTls ? 'warning' : 'note',
      text: `Nobody here has ${CertificateArn}, the certificate of ${DomainName}: name its files under certificates of postern.yaml`,
    },
  ];
}
