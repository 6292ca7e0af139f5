// The browser's half, driven line by line: one JSON request in, one JSON answer out.
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

const folder = process.argv[2];
const token = await import(pathToFileURL(join(folder, 'token.js')));
const { RSABSSA } = await import(pathToFileURL(join(folder, 'blindrsa', 'index.js')));
const hex = (b) => Buffer.from(b).toString('hex');
const bytes = (h) => new Uint8Array(Buffer.from(h, 'hex'));
const suites = {
  'RSABSSA-SHA384-PSS-Randomized': RSABSSA.SHA384.PSS.Randomized(),
  'RSABSSA-SHA384-PSSZERO-Randomized': RSABSSA.SHA384.PSSZero.Randomized(),
  'RSABSSA-SHA384-PSS-Deterministic': RSABSSA.SHA384.PSS.Deterministic(),
  'RSABSSA-SHA384-PSSZERO-Deterministic': RSABSSA.SHA384.PSSZero.Deterministic(),
};
const pss = { name: 'RSA-PSS', hash: 'SHA-384' };
let key, drawn;

const verbs = {
  async key({ der, hash }) { key = await token.importKey(bytes(der), hash); return {}; },
  async draw({ campaign }) {
    drawn = await token.draw(key, campaign);
    return { blinded: hex(drawn.blinded), code: hex(drawn.code) };
  },
  async finish({ signature }) {
    const t = await token.finish(key, drawn, bytes(signature));
    return { short: t.short, whole: t.whole, prefix: hex(t.prefix), signature: hex(t.signature) };
  },
  async sign({ suite, pkcs8, blinded }) {
    const secret = await crypto.subtle.importKey('pkcs8', bytes(pkcs8), pss, true, ['sign']);
    return { signature: hex(await suites[suite].blindSign(secret, bytes(blinded))) };
  },
  async verify({ suite, der, prepared, signature }) {
    const open = await crypto.subtle.importKey('spki', bytes(der), pss, true, ['verify']);
    return { holds: await suites[suite].verify(open, bytes(signature), bytes(prepared)) };
  },
  async blind({ suite, der, prepared }) {
    const open = await crypto.subtle.importKey('spki', bytes(der), pss, true, ['verify']);
    const { blindedMsg, inv } = await suites[suite].blind(open, bytes(prepared));
    return { blinded: hex(blindedMsg), inv: hex(inv) };
  },
  async written({ secret }) { return { code: token.written(bytes(secret)) }; },
  async read({ code }) { return { secret: hex(token.read(code)) }; },
  async pseudonym({ phrase, organisation, series }) {
    return { name: await token.pseudonym(phrase, organisation, series) };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { verb, ...values } = JSON.parse(line);
  let answer;
  try { answer = await verbs[verb](values); } catch (error) { answer = { error: error.message }; }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
