// Draws a token in the browser: nothing but the blinded message leaves this page.
// The same formats as tokens/codes.py, token.py and pseudonym.py; tests hold the two together.
import { RSABSSA } from './blindrsa/index.js';

const SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const PREFIX_BYTES = 32;
const suite = RSABSSA.SHA384.PSS.Randomized();
const utf8 = (text) => new TextEncoder().encode(text);

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function counted(part) {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, part.length);
  return joined(length, part);
}

const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

function times(a, b) {
  let product = 0;
  for (let i = 0; i < 5; i++) if ((b >> i) & 1) product ^= a << i;
  for (const i of [8, 7, 6, 5]) if ((product >> i) & 1) product ^= 0b100101 << (i - 5);
  return product;
}

function checks(data) {
  let a = 0, b = 0, power = 2;
  for (const value of data) {
    power = times(power, 2);
    a ^= value;
    b ^= times(value, power);
  }
  let inverse = 1;
  while (times(inverse, 3) !== 1) inverse++;
  const c1 = times(a ^ b, inverse);
  return [a ^ c1, c1];
}

/** The 28 signs that a person keeps, for 16 secret bytes. */
export function written(secret) {
  let number = BigInt('0x' + hex(secret));
  const data = [];
  for (let i = 0; i < 26; i++) {
    data.unshift(Number(number & 31n));
    number >>= 5n;
  }
  return [...data, ...checks(data)].map((i) => SIGNS[i]).join('').match(/.{4}/g).join('-');
}

/** The 16 secret bytes of a code; throws when a sign is mistyped. */
export function read(text) {
  const bare = text.toUpperCase().replace(/[\s–—-]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0');
  const values = Array.from(bare, (c) => SIGNS.indexOf(c));
  const right = values.length === 28 && !values.includes(-1)
    && String(checks(values.slice(0, 26))) === String(values.slice(26));
  const number = values.slice(0, 26).reduce((n, v) => (n << 5n) | BigInt(Math.max(v, 0)), 0n);
  if (!right || number >> 128n) throw new Error('mistyped');
  return Uint8Array.from(number.toString(16).padStart(32, '0').match(/../g), (b) => parseInt(b, 16));
}

function base32(bytes) {
  let bits = '';
  for (const b of bytes) bits += b.toString(2).padStart(8, '0');
  return bits.padEnd(Math.ceil(bits.length / 5) * 5, '0').match(/.{5}/g)
    .map((five) => BASE32[parseInt(five, 2)]).join('');
}

export async function digest(campaign, code) {
  return sha256(joined(utf8('anello token 1'), counted(utf8(campaign)), code));
}

/** Takes the campaign's key only if it is the one whose hash is printed on the invitation. */
export async function importKey(der, printedHash) {
  if (hex(await sha256(der)) !== printedHash.replace(/\s/g, '').toLowerCase()) {
    throw new Error('wrong key');
  }
  return crypto.subtle.importKey('spki', der, { name: 'RSA-PSS', hash: 'SHA-384' }, true, ['verify']);
}

/** A fresh code; of the result only `blinded` may leave the page. */
export async function draw(key, campaign) {
  const code = crypto.getRandomValues(new Uint8Array(16));
  const prepared = suite.prepare(await digest(campaign, code));
  const { blindedMsg, inv } = await suite.blind(key, prepared);
  return { code, prepared, inv, blinded: blindedMsg };
}

/** The token once the issuer has signed: `short` to write down, `whole` for the QR. */
export async function finish(key, drawn, blindSignature) {
  const signature = await suite.finalize(key, drawn.prepared, blindSignature, drawn.inv);
  const prefix = drawn.prepared.slice(0, PREFIX_BYTES);
  const whole = `ANELLO1-${base32(joined(drawn.code, prefix, signature))}`;
  return { short: written(drawn.code), whole, prefix, signature };
}

/** A person's name in one series of diaries, made from the recovery phrase. */
export async function pseudonym(phrase, organisation, series) {
  const key = await crypto.subtle.importKey(
    'raw', read(phrase), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const told = joined(...['anello panel 1', organisation, series].map((t) => counted(utf8(t))));
  return hex(new Uint8Array(await crypto.subtle.sign('HMAC', key, told))).slice(0, 32);
}
