import { execFile } from 'node:child_process';
import { constants, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';

/** Milliseconds of the processor for one signature, and for one verification. */
export interface RsaCost {
  sign: number;
  verify: number;
}

/** What RSA costs in this process, with the keys that the calls use. */
export function measureRsa(env: Record<string, string>, count: number): RsaCost {
  const privateKey = createPrivateKey(env.WORLDFIRST_PRIVATE_KEY ?? '');
  // The answers are verified with another key of the same size.
  const publicKey = createPublicKey(privateKey);
  const padding = constants.RSA_PKCS1_PADDING;
  const text = Buffer.from('POST /amsin/api/v1/business/worldtrade/queryTradeOrder');
  const signature = sign('RSA-SHA256', text, { key: privateKey, padding });
  return {
    sign: cpuOf(count, () => sign('RSA-SHA256', text, { key: privateKey, padding })),
    verify: cpuOf(count, () => verify('RSA-SHA256', text, { key: publicKey, padding }, signature)),
  };
}

/** OpenSSL's own measurement, which takes some seconds; undefined where there is no openssl. */
export async function measureOpenssl(): Promise<RsaCost | undefined> {
  try {
    const run = promisify(execFile);
    const { stdout } = await run('openssl', ['speed', '-seconds', '1', 'rsa2048']);
    // "rsa  2048 bits 0.000551s 0.000016s   1814.0  61440.0"
    const [, sign, verify] = /^rsa\s+2048 bits\s+([\d.]+)s\s+([\d.]+)s/m.exec(stdout) ?? [];
    return sign && verify ? { sign: Number(sign) * 1000, verify: Number(verify) * 1000 } : undefined;
  } catch {
    return undefined;
  }
}

function cpuOf(count: number, work: () => unknown): number {
  const before = process.cpuUsage();
  for (let done = 0; done < count; done++) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / count;
}
