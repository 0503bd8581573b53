/** What a text is that is no key for RSA signatures, and how to make one of it. */
export interface Format {
  what: string;
  /** A sentence with a command; `FILE` stands for the file that holds the text. */
  remedy?: string;
}

/** A key that needs a passphrase. */
export const ENCRYPTED: Format = {
  what: 'an encrypted key, which needs a passphrase',
  remedy: 'Decrypt it with: openssl pkey -in FILE -out key.pem.',
};

/** A certificate holds a public key, and it may be of another owner than is expected. */
export const CERTIFICATE: Format = {
  what: 'a certificate',
  remedy: 'Extract its public key with: openssl x509 -in FILE -pubkey -noout -out key.pem.',
};

/** A store of keys and certificates, which is always encrypted. */
export const PKCS12: Format = {
  what: 'a PKCS#12 store (.p12 or .pfx)',
  remedy: 'Extract the private key with: openssl pkcs12 -in FILE -nocerts -nodes -out key.pem.',
};

/** How to get a key of the family that WorldFirst uses. */
export const MAKE_RSA =
  'Only RSA keys can be used. Create one with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem.';

const FROM_JWK = (kind: 'Private' | 'Public', type: 'pkcs8' | 'spki') =>
  `Convert it with: node -p "crypto.create${kind}Key({ key: JSON.parse(fs.readFileSync('FILE')), format: 'jwk' }).export({ type: '${type}', format: 'pem' })" > key.pem.`;

/** The marks of a whole text. The first row that fits counts. */
const BY_TEXT: readonly [mark: RegExp, format: Format][] = [
  [
    /^.{0,2}(?:[^\0]\0|\0[^\0]){4}/s,
    { what: 'UTF-16 text', remedy: 'Convert it with: iconv -f UTF-16 -t UTF-8 FILE > key.pem.' },
  ],
  [
    /[\0\uFFFD]/,
    {
      what: 'a binary file that was read as text',
      remedy:
        'Convert a DER file with: openssl pkey -inform DER -in FILE -out key.pem (with -pubin for a public key).',
    },
  ],
  [
    /\\*["']kty\\*["'].*\\*["']d\\*["']\s*:/s,
    { what: 'a private key as JWK', remedy: FROM_JWK('Private', 'pkcs8') },
  ],
  [/\\*["']kty\\*["']/, { what: 'a JWK (a key as JSON)', remedy: FROM_JWK('Public', 'spki') }],
  [
    /^[\s"']*(?:ssh-[\w-]+|ecdsa-[\w-]+)\s|^[\s"']*AAAA[A-Za-z0-9+/]{20}/,
    {
      what: 'a public key in the format of SSH (ssh-rsa)',
      remedy: 'Convert it with: ssh-keygen -e -m PKCS8 -f FILE > key.pem.',
    },
  ],
  [
    /---- BEGIN SSH2 PUBLIC KEY ----/,
    {
      what: 'a public key in the format of SSH2',
      remedy:
        'Convert it with: ssh-keygen -i -f FILE > key.pub && ssh-keygen -e -m PKCS8 -f key.pub > key.pem.',
    },
  ],
  [
    /<RSAKeyValue>/,
    {
      what: 'an XML key of .NET',
      remedy: 'Export it in .NET with ExportPkcs8PrivateKeyPem() or ExportSubjectPublicKeyInfoPem().',
    },
  ],
];

/** The marks of a PEM block's label. */
const BY_LABEL: readonly [mark: RegExp, format: Format][] = [
  [/ENCRYPTED/, ENCRYPTED],
  [
    /^OPENSSH PRIVATE KEY$/,
    {
      what: 'a private key in the format of OpenSSH',
      remedy: 'Convert a copy of the file with: ssh-keygen -p -m PEM -f FILE.',
    },
  ],
  [/^EC PARAMETERS$/, { what: 'an EC key', remedy: MAKE_RSA }],
  [
    /CERTIFICATE REQUEST$/,
    {
      what: 'a certificate request',
      remedy: 'Extract its public key with: openssl req -in FILE -pubkey -noout -out key.pem.',
    },
  ],
  [
    /^(?:PKCS7|CMS)$/,
    {
      what: 'a PKCS#7 store of certificates',
      remedy: 'Extract the certificates with: openssl pkcs7 -in FILE -print_certs -out certificates.pem.',
    },
  ],
];

/** The marks of one piece of bare text. */
const BY_PIECE: readonly [mark: RegExp, format: Format][] = [
  [/-----/, { what: 'an incomplete PEM block' }],
  [
    /^MI[\w\s-]{100,}=*\s*$/,
    {
      what: 'base64url and not base64',
      remedy: `Convert it with: node -p "Buffer.from(fs.readFileSync('FILE', 'utf8'), 'base64url').toString('base64')" > key.pem.`,
    },
  ],
  [
    /^30[\da-f\s:]{100,}$/i,
    {
      what: 'a key in hexadecimal digits',
      remedy: `Convert it with: node -p "Buffer.from(fs.readFileSync('FILE', 'utf8').replaceAll(/[^0-9a-f]/gi, ''), 'hex').toString('base64')" > key.pem.`,
    },
  ],
];

/** What a whole text is, where it is known by its marks. */
export const formatOfText = (text: string) => formatBy(BY_TEXT, text);

/** What a PEM block is, where its label says so. */
export const formatOfLabel = (label: string) => formatBy(BY_LABEL, label);

/** What a piece of bare text is, where it is known by its marks. */
export const formatOfPiece = (piece: string) => formatBy(BY_PIECE, piece);

function formatBy(table: readonly [RegExp, Format][], text: string): Format | undefined {
  return table.find(([mark]) => mark.test(text))?.[1];
}
