#!/bin/sh
# Makes an authority for servers, an authority for clients, and what each of them signs, in the directory given.
set -e
mkdir -p "${1:-certificates}"
cd "${1:-certificates}"

key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"; }

authority() { # name, subject
  key "$1"
  openssl req -x509 -new -key "$1.key" -sha256 -days 30 -subj "$2" -out "$1.pem" 2>/dev/null
}

signed() { # name, subject, authority, extensions
  key "$1"
  printf '%s\n' "$4" > "$1.ext"
  openssl req -new -key "$1.key" -subj "$2" 2>/dev/null |
    openssl x509 -req -CA "$3.pem" -CAkey "$3.key" -sha256 -days 30 -extfile "$1.ext" -out "$1.pem" 2>/dev/null
  rm "$1.ext"
}

authority server-authority "/CN=Example servers"
signed api "/CN=api.example.com" server-authority "subjectAltName=DNS:api.example.com"
authority partners "/O=Example/CN=Partners"
signed alice "/O=Example/CN=alice" partners "extendedKeyUsage=clientAuth"
authority strangers "/CN=Strangers"
signed mallory "/O=Example/CN=alice" strangers "extendedKeyUsage=clientAuth"
