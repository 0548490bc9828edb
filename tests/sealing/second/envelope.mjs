// The envelope, version 1, written a second time from its specification, with other libraries.
// Reads one JSON object a line, writes one a line; everything binary is hexadecimal.
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Aes256Gcm, CipherSuite, HkdfSha256 } from '@hpke/core';
import { XWing } from '@hpke/hybridkem-x-wing';

const suite = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const CLASSES = [4, 8, 16, 32, 64, 128, 256].map((kib) => kib * 1024);
const MAGIC = Buffer.from('HEARD');
const SLOT = 16 + 1120 + 48;

const bytes = (hex) => Buffer.from(hex, 'hex');
const plain = (buffer) => buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);
const info = (consultation) => Buffer.concat([Buffer.from('heard/1/recipient\0'), Buffer.from(consultation)]);
const derive = (secret, consultation, label, length) =>
  Buffer.from(hkdfSync('sha256', secret, Buffer.from(consultation), Buffer.from(label), length));
const keyId = (publicKey) => createHash('sha256').update(publicKey).digest().subarray(0, 16);

function pad(document) {
  const size = CLASSES.find((each) => document.length + 1 <= each);
  if (size === undefined) throw new Error('too long');
  return Buffer.concat([document, Buffer.from([0x80]), Buffer.alloc(size - document.length - 1)]);
}

function unpad(padded) {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end -= 1;
  if (!CLASSES.includes(padded.length) || padded[end] !== 0x80) throw new Error('padding');
  return padded.subarray(0, end);
}

async function seal({ publicKeys, consultation, document }) {
  const secret = randomBytes(32);
  const slots = [];
  for (const publicKey of publicKeys.map(bytes)) {
    const recipientPublicKey = await suite.kem.deserializePublicKey(plain(publicKey));
    const { enc, ct } = await suite.seal({ recipientPublicKey, info: plain(info(consultation)) }, plain(secret));
    slots.push(keyId(publicKey), Buffer.from(enc), Buffer.from(ct));
  }
  const head = Buffer.concat([
    MAGIC, Buffer.from([1, publicKeys.length]), ...slots, derive(secret, consultation, 'heard/1/commit', 32),
  ]);
  const body = derive(secret, consultation, 'heard/1/body', 44);
  const cipher = createCipheriv('aes-256-gcm', body.subarray(0, 32), body.subarray(32));
  cipher.setAAD(head);
  const sealed = Buffer.concat([cipher.update(pad(bytes(document))), cipher.final(), cipher.getAuthTag()]);
  return Buffer.concat([head, sealed]).toString('hex');
}

async function open({ seed, publicKey, consultation, envelope }) {
  const all = bytes(envelope);
  if (!all.subarray(0, 5).equals(MAGIC) || all[5] !== 1) throw new Error('not an envelope');
  const count = all[6];
  const headEnd = 7 + count * SLOT + 32;
  const mine = keyId(bytes(publicKey));
  for (let at = 7; at < 7 + count * SLOT; at += SLOT) {
    const slot = all.subarray(at, at + SLOT);
    if (!slot.subarray(0, 16).equals(mine)) continue;
    const recipientKey = await suite.kem.importKey('raw', plain(bytes(seed)), false);
    const secret = Buffer.from(await suite.open(
      { recipientKey, enc: plain(slot.subarray(16, 1136)), info: plain(info(consultation)) },
      plain(slot.subarray(1136)),
    ));
    const commitment = derive(secret, consultation, 'heard/1/commit', 32);
    if (!timingSafeEqual(commitment, all.subarray(headEnd - 32, headEnd))) throw new Error('commitment');
    const body = derive(secret, consultation, 'heard/1/body', 44);
    const decipher = createDecipheriv('aes-256-gcm', body.subarray(0, 32), body.subarray(32));
    decipher.setAAD(all.subarray(0, headEnd));
    decipher.setAuthTag(all.subarray(-16));
    return unpad(Buffer.concat([decipher.update(all.subarray(headEnd, -16)), decipher.final()])).toString('hex');
  }
  throw new Error('no slot');
}

for await (const line of createInterface({ input: process.stdin })) {
  const wish = JSON.parse(line);
  try {
    console.log(JSON.stringify({ done: await (wish.do === 'seal' ? seal(wish) : open(wish)) }));
  } catch (error) {
    console.log(JSON.stringify({ refused: String(error) }));
  }
}
