// `jwt:` where issuers of tokens are asked for their keys instead of at their own URL (spec/http-api.md §6.2.3):
//
//   jwt:
//     issuers:
//       https://login.example.com/realms/shop: { address: http://127.0.0.1:9000, ca: ./ca.pem }
//       http://keycloak:8080/realms/dev: {}      # may be asked by http
//     anyHttpIssuer: true                        # so may every other
import type { JwtSettings } from '../../identity/jwt/settings.ts';
import { certificateFile } from '../certificate-file.ts';
import { boolean, defaulted, entriesOf, into, objectOf, optional, section, url } from '../shape.ts';

const origin = into(
  url,
  (text, node) => {
    if (new URL(text).origin !== text) {
      throw node.error(
        `is scheme, host and port, such as http://127.0.0.1:9000, not ${JSON.stringify(text)}`,
      );
    }
    return text;
  },
  { pattern: '^https?://[^/?#@]+/?$' },
);

const issuer = into(
  objectOf({
    address: optional("Scheme, host and port that stand in for the issuer's.", origin),
    ca: optional("PEM file of its authority, besides Node.js's own.", certificateFile),
  }),
  (settings, node) => ({ settings, node }),
);

const issuers = into(
  entriesOf(issuer, {
    pattern: /^[Hh][Tt][Tt][Pp][Ss]?:./,
    advice: 'is named by no URL of an issuer',
  }),
  (entries) =>
    [...entries].map(([name, { settings, node }]) => {
      if (!URL.canParse(name)) throw node.error('is named by no URL of an issuer');
      return { issuer: name, ...settings };
    }),
);

const members = objectOf({
  issuers: defaulted(
    'Where issuers are asked for their keys, by their URL; {} allows one of http.',
    issuers,
    [],
  ),
  anyHttpIssuer: defaulted('Whether any issuer may be asked by http.', boolean, false),
});

export const jwt = section<JwtSettings>('Issuers of tokens for JWT authorizers.', members, {
  issuers: [],
  anyHttpIssuer: false,
});
