// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Bodies of Prometheus remote write 1.0 and 2.0, just enough of protobuf and snappy to write them.

function varint(number) {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(number));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

const field = (number, bytes) => Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
const text = (number, value) => field(number, Buffer.from(value));

/** `bits` is the 64-bit pattern of a double: a stale marker is a NaN that differs in its bits alone. */
function sample(bits, time) {
  const value = Buffer.alloc(8);
  value.writeBigUInt64LE(bits);
  return Buffer.concat([varint((1 << 3) | 1), value, varint(2 << 3), varint(time)]);
}

export const STALE_MARKER = 0x7ff0000000000002n;

export function bitsOf(number) {
  const buffer = Buffer.alloc(8);
  buffer.writeDoubleLE(number);
  return buffer.readBigUInt64LE();
}

/** A WriteRequest of `series`: [{ labels: { __name__, … }, samples: [[bits, milliseconds], …] }]. */
export function writeRequest(series) {
  return Buffer.concat(
    series.map(({ labels, samples }) =>
      field(
        1,
        Buffer.concat([
          ...Object.entries(labels).map(([name, value]) => field(1, Buffer.concat([text(1, name), text(2, value)]))),
          ...samples.map(([bits, time]) => field(2, sample(bits, time))),
        ]),
      ),
    ),
  );
}

/** A Request of version 2.0, of `series` as above with a number of `exemplars`. */
export function writeRequestTwo(series) {
  const symbols = [''];
  const symbol = (value) => (symbols.includes(value) ? symbols.indexOf(value) : symbols.push(value) - 1);
  const written = series.map(({ labels, samples, exemplars = 0 }) =>
    field(
      5,
      Buffer.concat([
        field(1, Buffer.concat(Object.entries(labels).flat().map((value) => varint(symbol(value))))),
        ...samples.map(([bits, time]) => field(2, sample(bits, time))),
        ...Array.from({ length: exemplars }, () => field(4, Buffer.from([(1 << 3) | 2, 0]))),
      ]),
    ),
  );
  return Buffer.concat([...symbols.map((value) => text(4, value)), ...written]);
}

/** `bytes` in snappy's block format, as one literal: valid, if not small. */
export function snappy(bytes) {
  if (bytes.length === 0) return varint(0);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length - 1);
  return Buffer.concat([varint(bytes.length), Buffer.from([63 << 2]), length, bytes]);
}
