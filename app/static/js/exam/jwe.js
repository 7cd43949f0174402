/**
 * Encryption for the holder of a P-256 key: compact JWE (RFC 7516) with ECDH-ES and A256GCM.
 * Whoever has this browser cannot open the result again, nor change it unnoticed.
 */

const encoder = new TextEncoder();
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const ENCRYPTION = "A256GCM";
const KEY_BITS = 256;

/**
 * @param {string} plain
 * @param {JsonWebKey & {kid?: string}} recipient the public key
 * @returns {Promise<string>}
 */
export async function encrypt(plain, recipient) {
  const { kty, crv, x, y } = recipient;
  const theirs = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, CURVE, false, []);
  const own = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  const epk = await crypto.subtle.exportKey("jwk", own.publicKey);
  const shared = await crypto.subtle.deriveBits(
    { name: "ECDH", public: theirs }, own.privateKey, KEY_BITS,
  );
  const header = {
    alg: "ECDH-ES", enc: ENCRYPTION, epk: { kty: epk.kty, crv: epk.crv, x: epk.x, y: epk.y },
    ...(recipient.kid ? { kid: recipient.kid } : {}),
  };
  const first = base64url(encoder.encode(JSON.stringify(header)));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = new Uint8Array(
    await crypto.subtle.encrypt(
      { name: "AES-GCM", iv, additionalData: encoder.encode(first), tagLength: 128 },
      await keyFrom(shared),
      encoder.encode(plain),
    ),
  );
  const [text, tag] = [sealed.slice(0, -16), sealed.slice(-16)];
  // The second part is the encrypted key, of which ECDH-ES has none.
  return [first, "", base64url(iv), base64url(text), base64url(tag)].join(".");
}

/** Concat KDF, one round (RFC 7518, 4.6.2), with nothing said about either party. */
async function keyFrom(shared) {
  const name = encoder.encode(ENCRYPTION);
  const parts = [
    number(1), new Uint8Array(shared),
    number(name.length), name, number(0), number(0), number(KEY_BITS),
  ];
  const whole = new Uint8Array(await new Blob(parts).arrayBuffer());
  const digest = await crypto.subtle.digest("SHA-256", whole);
  return crypto.subtle.importKey("raw", digest, "AES-GCM", false, ["encrypt"]);
}

/** Four bytes, the highest first. */
function number(value) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function base64url(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
