// Tokens of HTTP: what names of headers and methods are made of (RFC 9110 §5.6.2). The codecs know them by tables of octets.

export const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
