import { connect as connectHttp2, type SecureClientSessionOptions } from 'node:http2';
import { isIP } from 'node:net';
import type { TemporalConfig } from './temporal-config.js';

/** What one attempt to speak HTTP/2, and so gRPC, led to. */
type Attempt = 'spoken' | 'silence' | { code: string };

/** What a failed attempt means, by the code of Node's error. The first row that fits counts. */
const MEANINGS: readonly [code: RegExp, meaning: string][] = [
  [/^ENOTFOUND$/, 'there is no host of that name'],
  [/^EAI_AGAIN$/, 'the name of the host cannot be looked up now'],
  [/^ECONNREFUSED$/, 'nothing listens there'],
  [/^(EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/, 'there is no way to that host'],
  [
    /^(DEPTH_ZERO_)?SELF_SIGNED_CERT|^UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE)|^CERT_(UNTRUSTED|REJECTED)/,
    'its TLS certificate is not trusted. Set TEMPORAL_TLS_SERVER_CA_CERT_PATH to the certificate of its authority',
  ],
  [/^CERT_HAS_EXPIRED$/, 'its TLS certificate has expired'],
  [/^CERT_NOT_YET_VALID$/, "its TLS certificate is not valid yet, or this machine's clock is wrong"],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    'its TLS certificate is for another name. Set TEMPORAL_TLS_SERVER_NAME to the name in the certificate',
  ],
  [
    /ALERT_(CERTIFICATE|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE)|_AFTER_HANDSHAKE$/,
    'it refused the TLS client certificate, or needs one. Check TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH',
  ],
];

const NOT_TLS =
  'it does not speak TLS. Set TEMPORAL_TLS=false (an API key or a certificate switches TLS on by itself)';
const ONLY_TLS = 'it speaks TLS, and TLS is not switched on. Set TEMPORAL_TLS=true';

/**
 * Why there is no connection to Temporal, in words that follow "cannot be reached:". gRPC itself only says that there is
 * none.
 * @returns undefined where the reason is not known
 */
export async function whyUnreachable({ address, tls }: TemporalConfig): Promise<string | undefined> {
  const options = typeof tls === 'object' ? tlsOptions(tls) : {};
  const attempt = await attemptTo(address, tls ? options : undefined);
  if (attempt === 'spoken') return undefined;
  const meaning = typeof attempt === 'object' && MEANINGS.find(([code]) => code.test(attempt.code))?.[1];
  if (meaning) return meaning;
  // Whoever meets another protocol than his own hangs up, or says nothing: only the other way round shows it.
  const other = await attemptTo(address, tls ? undefined : { rejectUnauthorized: false });
  if (tls && other === 'spoken') return NOT_TLS;
  if (!tls && isEncrypted(other)) return ONLY_TLS;
  return attempt === 'silence' ? undefined : 'something else than Temporal listens there';
}

/** Whether the other side spoke TLS, if only to refuse us. */
function isEncrypted(attempt: Attempt): boolean {
  if (typeof attempt === 'object') return /ALERT|_AFTER_HANDSHAKE$/.test(attempt.code);
  return attempt !== 'silence';
}

function tlsOptions(tls: Exclude<TemporalConfig['tls'], boolean | undefined>): SecureClientSessionOptions {
  const { serverNameOverride, serverRootCACertificate, clientCertPair } = tls;
  return {
    ...(serverNameOverride !== undefined && { servername: serverNameOverride }),
    ...(serverRootCACertificate && { ca: Buffer.from(serverRootCACertificate) }),
    ...(clientCertPair && { cert: Buffer.from(clientCertPair.crt), key: Buffer.from(clientCertPair.key) }),
  };
}

const LIMIT_MS = 2_000;

/** One attempt; with TLS where there are options for it. */
function attemptTo(address: string, tls: SecureClientSessionOptions | undefined): Promise<Attempt> {
  return new Promise((resolve) => {
    const isIpAddress = isIP(address.replace(/^\[|\]?:\d+$/g, '')) !== 0;
    // TLS has no server name for an IP address.
    const options = { ...(isIpAddress && { servername: '' }), ...tls };
    const session = connectHttp2(`${tls ? 'https' : 'http'}://${address}`, options);
    const end = (attempt: Attempt) => {
      clearTimeout(timer);
      session.destroy();
      resolve(attempt);
    };
    let handshake = false;
    const timer = setTimeout(() => end(handshake ? { code: 'SILENT_AFTER_HANDSHAKE' } : 'silence'), LIMIT_MS);
    session.once('connect', () => {
      handshake = tls !== undefined;
    });
    session.once('remoteSettings', () => end('spoken'));
    session.once('error', ({ code = '' }: NodeJS.ErrnoException) => {
      // A server with TLS 1.3 refuses a client's certificate after the handshake, and may just hang up then.
      const isHungUp = code === '' || code === 'ECONNRESET' || code === 'EPIPE';
      end({ code: handshake && isHungUp ? 'CLOSED_AFTER_HANDSHAKE' : code });
    });
    session.once('close', () => end({ code: handshake ? 'CLOSED_AFTER_HANDSHAKE' : '' }));
  });
}
