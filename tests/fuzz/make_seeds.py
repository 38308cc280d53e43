#!/usr/bin/env python3
# SPDX-License-Identifier: LicenseRef-Helios-Commercial
"""Writes the seeds of the fuzz targets: tests/fuzz/TARGET/NAME. Run it again after a change, and commit what it wrote.

A seed is a small valid input, or one that is wrong in a way worth starting from.
"""
import base64
import gzip
import pathlib
import struct
import zlib

HERE = pathlib.Path(__file__).resolve().parent


def varint(number: int) -> bytes:
    out = b""
    while number >= 0x80:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def field(number: int, content: bytes) -> bytes:
    """A length-delimited protobuf field."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def snappy(plain: bytes) -> bytes:
    """Snappy's block format with literals of at most 60 bytes alone."""
    parts = [plain[at : at + 60] for at in range(0, len(plain), 60)]
    return varint(len(plain)) + b"".join(bytes([(len(part) - 1) << 2]) + part for part in parts)


def series(labels: dict, samples: list) -> bytes:
    """A TimeSeries of prometheus.WriteRequest."""
    out = b"".join(field(1, field(1, name.encode()) + field(2, value.encode())) for name, value in labels.items())
    for value, time_ms in samples:
        out += field(2, b"\x09" + struct.pack("<d", value) + b"\x10" + varint(time_ms & (1 << 64) - 1))
    return out


def remote_write() -> dict:
    cpu = series({"__name__": "cpu", "host": "a"}, [(0.5, 1_767_441_600_000), (0.25, 1_767_441_615_000)])
    two = field(1, cpu) + field(1, series({"__name__": "load", "zone": "ü"}, [(float("nan"), -1)]))
    metadata = field(3, b"\x08\x01" + field(2, b"cpu") + field(4, b"help"))
    histogram = field(1, series({"__name__": "h"}, []) + field(4, b"\x08\x05"))
    return {
        "message": two,
        "metadata": two + metadata,
        "histogram": histogram,
        "no_name": field(1, series({"host": "a"}, [(1.0, 0)])),
        "packed": snappy(two),
        "bomb": varint(2_700_000_000) + b"\x00a",
    }


def crc32c(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def event_ids() -> dict:
    body = b"\x01" + bytes(range(8)) + varint(1_767_441_600_000) + varint(2) + varint(7) + varint(2000) + varint(1) + varint(999)
    return {"id": base64.b64encode(body + struct.pack("<I", crc32c(body))), "no_crc": base64.b64encode(body), "text": b"AQ=="}


def ingest_json() -> dict:
    full = (
        '{"metrics":[{"name":"cpu","value":0.75,"timestamp":"2026-01-03T12:00:00Z","labels":{"host":"a"},"source":"x"},'
        '{"name":"cpu","value":-2.5e3,"timestamp":1767441601000},{"name":"b","value":123456789012345680000}]}'
    )
    return {
        "full": full.encode(),
        "empty": b'{"metrics":[]}',
        "unknown_field": b'{"metrics":[{"name":"cpu","valeu":1}]}',
        "escapes": rb'{"metrics":[{"name":"a\"\u00e9\ud83d\ude00","value":1e400}]}',
        "deep": b'{"metrics":' + b"[" * 40 + b"]" * 40 + b"}",
    }


def plain_json() -> dict:
    return {
        "values": b'{"a":[1,-2.5e-3,true,null,"x\\u00e9",{}],"b":18446744073709551615,"c":9007199254740993}',
        "extremes": b"[1e308,5e-324,-0.0,123456789012345678901234567890]",
        "deep": b"[" * 33 + b"]" * 33,
        "twice": b'{"a":1,"a":2}',
    }


def packed() -> dict:
    text = b"the same words again, the same words again"
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    two = gzip.compress(text, mtime=0) + gzip.compress(b"more", mtime=0)
    return {
        "gzip": gzip.compress(text, mtime=0),
        "members": two,
        "short": two[:-6],
        "zlib": zlib.compress(text),
        "raw": raw.compress(text) + raw.flush(),
        "bomb": gzip.compress(bytes(2 << 20), mtime=0),
    }


def messages() -> dict:
    lines = {
        "get": "GET /api/v1/series?metric=cpu HTTP/1.1\r\nHost: a\r\n\r\n",
        "two": "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "chunked": "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;e=1\r\nabc\r\n0\r\nT: 1\r\n\r\n",
        "both_lengths": "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "bare_lf": "GET / HTTP/1.1\nHost: a\n\n",
        "old": "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "expect": "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
        "answer": "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "interim": "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nX: y\r\n\r\n",
        "chunks": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "to_the_end": "HTTP/1.0 200 OK\r\n\r\nwords",
    }
    return {name: bytes([len(name)]) + text.encode() for name, text in lines.items()}


def histories() -> dict:
    """A byte for the steps of a day, then values that repeat."""
    return {
        "batch": b"\x02" + struct.pack("<6d", 1, 1, 9, 1, 1, 40),
        "extremes": b"\x00" + struct.pack("<4d", 1.7e308, -1.7e308, 5e-324, float("nan")),
        "constant": b"\x03" + struct.pack("<d", 7),
        "vanishing": b"\x02" + struct.pack("<2d", 1.7e-316, -1.04e-312),
        "near_singular": bytes.fromhex("5d5d5d5d1c5d5d76005d5d07006000000000"),
        "counts": b"\x01" + struct.pack("<5d", 0, 0, 3, 0, 1),
    }


def sample_histories() -> dict:
    """A byte for the step and one for jitter, then values that repeat."""
    return {name: b"\x03\x00" + content[1:] for name, content in histories().items()} | {
        "jitter": b"\x01\x05" + struct.pack("<6d", 1, 5, 9, 1, 3, 40),
        "days": b"\x04\x00" + struct.pack("<7d", 5, 5, 5, 5, 5, 1, 1),
    }


def detector_series() -> dict:
    """A first byte that is not 0, then samples of three bytes: step and scale, and a value."""

    def series(control: int, values: list) -> bytes:
        return b"\x01" + b"".join(bytes([control]) + struct.pack("<h", value) for value in values)

    daily = [1000 + (i % 24) * 40 + (i * 7919) % 13 for i in range(400)]
    return {
        "hourly": series(2, daily),
        "spike": series(2, [*daily, 30_000, *daily[:10]]),
        "minutes": series(0, daily),
        "flat": series(1, [5] * 300),
        "extremes": series(0x19, [32_767, -32_768] * 100),
        "backwards": series(5, daily[:50]),
        "weeks": series(7, daily[:60]),
        "fresh_state": b"\x00\x01",
    }


def model_artifacts() -> dict:
    """A byte for what it is, then the golden artifact, or one of its parts: 1 a forecaster, 2 a model by name."""
    golden = HERE.parent / "golden"
    artifact = bytes.fromhex("".join((golden / "model-artifact-v1.hex").read_text().split()))
    seeds = {"artifact": b"\x00" + artifact, "metric_model": b"\x03"}
    seeds["metric_model"] += bytes.fromhex("".join((golden / "metric-model-v1.hex").read_text().split()))
    offset, length, parts = struct.unpack("<3Q", artifact[-48:-24])
    index, at = artifact[offset : offset + length], 0

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = index[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    for _ in range(parts):
        size = number()
        key = index[at : at + size].decode()
        at += size
        begin, framed = number(), number()
        part = artifact[begin + 1 : begin + framed - 4]  # between codec and checksum
        seeds[key.replace(" ", "_")] = (b"\x02" if key.startswith("named") else b"\x01") + part
    return seeds


def sealed_files() -> dict:
    """A byte for what it is; then a file, or six bytes of what becomes of it and what gets sealed."""
    return {
        "no_file": b"\x00",
        "header": b"\x00HELIOSF1" + bytes(32) + bytes(20),
        "whole": b"\x01" + bytes(6) + b"a few words",
        "empty": b"\x01" + bytes(6),
        "full_piece": b"\x01\x00\x00\x00\x00\x00\x05rest",
        "two_pieces": b"\x01\x00\x00\x00\x00\x00\x02",
        "changed": b"\x01\x30\x00\x00\x00\x01\x00a few words",
        "cut": b"\x01\x38\x00\x10\x01\x00\x02",
    }


def objects() -> dict:
    """A byte for what it is; then a file, or eight bytes of what becomes of it, and the object."""
    return {
        "no_file": b"\x00HELIOSO1" + bytes(32),
        "whole": b"\x01" + bytes(8) + b"a few words",
        "range": b"\x01\x01\x40\x10" + bytes(5) + b"behind a piece",
        "changed": b"\x01\x00\x00\x09\x29\x00\x00\x00\x01a few words",
        "cut": b"\x01\x02\x00\x09\x38\x00\x01\x01\x00",
    }


def detection_states() -> dict:
    """A byte for what it is: 0 a manifest, 1 series, 2 anomalies."""
    span = (
        '{"start":1767441600000,"end":1767441660000,"worst":1767441600000,"value":9.5,"expected":1,"lower":0.5,'
        '"upper":2,"score":0.97,"kinds":1,"samples":2}'
    )
    tenant = '"tenant":"01900000-0000-7000-8000-000000000001"'
    under_way = f'{{{tenant},"series":"4294967296","span":{span},"normal":1,"quiet":0,"detected_at":1767441660000}}'
    waiting = f'{{{tenant},"metric":"cpu","labels":{{"host":"a"}},"span":{span},"ended":true,"detected_at":1767441660000}}'
    return {
        "manifest": b'\x00{"version":2,"store":"01900000-0000-7000-8000-000000000001","generation":1,"parts":[]}',
        "no_series": b"\x01",
        "series": b"\x01" + bytes(1484),
        "torn_series": b"\x01" + bytes(1483),
        "nothing": b'\x02{"open":[],"waiting":[]}',
        "anomalies": f'\x02{{"open":[{under_way}],"waiting":[{waiting}]}}'.encode(),
        "clocks": f'\x02{{"open":[],"waiting":[],"clocks":[{{{tenant},"zone":"Asia/Tokyo","shift_seconds":-3600}}]}}'.encode(),
    }


def chunk_keys() -> dict:
    def key(tenant: int, kind: int, day: int, flush: int, series: int) -> bytes:
        return struct.pack(">IBIIQ", tenant, kind, day + (1 << 31), flush, series)

    return {
        "key": key(1, 1, 20_456, 3, 1 << 32),
        "two_keys": key(1, 1, -1, 0, 5) + key(1, 1, 0, 0, 5),
        "bad_kind": key(1, 9, 0, 0, 5),
        "place": b"chunks:" + key(2, 3, 7, 1, 0)[:13],
        "series": struct.pack(">IQ", 1, 1 << 32),
        "record": b"\x00\x00\x00\x00\x02\x00\x01ab" + bytes(40),
    }


def catalogues() -> dict:
    """Entries: number of the known key, length and bytes behind it, length and bytes of the value."""

    def entry(key: int, behind: bytes, value: bytes) -> bytes:
        return bytes([key, len(behind)]) + behind + bytes([len(value)]) + value

    tenant = entry(0, struct.pack(">I", 1), bytes(16) + struct.pack(">qqB", 168, 8_760, 1))
    usage = entry(1, struct.pack(">IIBI", 3, 1, 1, 490_956), struct.pack(">Q", 12_000))
    marks = entry(2, b"", struct.pack(">Q", 2)) + entry(3, b"", bytes(16))
    marks += entry(4, b"", struct.pack(">Q", 7)) + entry(5, b"", struct.pack(">I", 9))
    return {
        "whole": marks + tenant + usage,
        "tenants": tenant + entry(0, struct.pack(">I", 2), bytes(16) + struct.pack(">qqB", -1, 0, 2)),
        "usage": usage + entry(1, b"short", b""),
        "later_format": entry(2, b"", struct.pack(">Q", 3)),
        "state": struct.pack(">qqQ", 1, 2, 3),
    }


def held_chunks() -> dict:
    """A byte for what it is; then a file, or four bytes of what becomes of it, and chunks behind their lengths."""
    chunks = b"\x05hello" + b"\x13" + bytes(19) + b"\x02ab"
    return {
        "no_table": b"\x00" + bytes(64),
        "whole": b"\x01" + bytes(4) + chunks,
        "footer": b"\x01\x20\x00\x00\x01" + chunks,
        "block": b"\x01\xff\x03\x00\x01" + chunks,
        "cut": b"\x01\x30\x00\x01\x00" + chunks,
    }


def request_histories() -> dict:
    return {
        "history": b'[{"timestamp":"2026-01-03T12:00:00Z","value":1.5},{"timestamp":1767441660000,"value":null}]',
        "no_value": b'[{"timestamp":1767441660000}]',
        "unknown": b'[{"timestamp":1767441660000,"value":1,"unit":"s"}]',
        "years": b'[{"timestamp":"9999-12-31T23:59:59Z","value":-1e308},{"timestamp":253402300800000,"value":1}]',
        "horizons": b"[1,60,10080]",
        "bad_horizons": b"[0,1.5,10081]",
        "level": b"0.95",
    }


def backup_manifests() -> dict:
    """A byte for what it is: 0 a signature, 1 a manifest."""
    file = '{"path":"samples/a.sst","bytes":3,"sha256":"' + "ab" * 32 + '"}'
    head = '\x01{"format":1,"created_at":"2026-01-03T12:00:00Z","store":"s","series":7,"database":true,'
    return {
        "signature": b"\x00" + b"0" * 64 + b"\n",
        "whole": (head + f'"files":[{file}]}}').encode(),
        "outside": (head + f'"files":[{file.replace("samples/a.sst", "../../etc/passwd")}]}}').encode(),
        "later_format": b'\x01{"format":2}',
        "no_files": (head + '"files":[1]}').encode(),
    }


def csv_files() -> dict:
    """A byte of options (1 wide, 2 a metric, 4 a column's label), one of how much is read at a time, and the text."""
    return {
        "long": b"\x00\xfftimestamp,value\n1767441600,0.5\n2026-01-03T12:05:00Z,-2.5e3\n",
        "labels": b'\x00\x07metric,time,value,host,label:value\r\ncpu,1767441600000,1,"a,""b""",x\r\nload,0,,c,\r\n',
        "bad_lines": b'\x02\x01time,value\nnoon,1\n0,many\n0\n"0",stale\n"0,nan\n1,2\n',
        "wide": b"\x01\x20\xef\xbb\xbftime,cpu,load\n0,1,2\n60,,+Inf\n",
        "wide_label": b"\x07\x20time,a,b\n0,1,2\n",
        "no_header": b"\x00\x00\n\n",
    }


def read_answers() -> dict:
    """A prometheus.ReadResponse has the series of a WriteRequest, one message deeper."""
    cpu = series({"__name__": "cpu", "host": "a"}, [(0.5, 1_767_441_600_000), (0.25, 1_767_441_615_000)])
    two = field(1, field(1, cpu) + field(1, series({"host": "b"}, [(float("nan"), -1)]) + field(4, b"\x08\x05")))
    return {"message": two, "packed": snappy(two), "empty": snappy(b""), "bomb": varint(2_700_000_000) + b"\x00a"}


SEEDS = {
    "crypto_sealed_file": sealed_files,
    "detection_state_file": detection_states,
    "http_gzip": packed,
    "http_json": plain_json,
    "http_message_parser": messages,
    "ingest_json_decoder": ingest_json,
    "ingest_remote_write_decoder": remote_write,
    "ml_detector": detector_series,
    "ml_ensemble_forecaster": histories,
    "ml_fit_forecaster": sample_histories,
    "ml_forecast": sample_histories,
    "live_event_id": event_ids,
    "ml_model_artifact": model_artifacts,
    "ml_xgboost_model": histories,
    "objects_directory_store": objects,
    "tenancy_cursor": lambda: {"position": b"2026-01-03T12:00:00Z/17", "hex": b"00ff" * 20, "long": b"a" * 1100},
    "transfer_csv_reader": csv_files,
    "transfer_remote_read": read_answers,
    "tsdb_catalogue": catalogues,
    "tsdb_chunk_key": chunk_keys,
    "tsdb_held_chunks": held_chunks,
    "wire_history_json": request_histories,
    "wiring_backup_manifest": backup_manifests,
}

for target, make in SEEDS.items():
    folder = HERE / target
    folder.mkdir(exist_ok=True)
    for name, content in make().items():
        (folder / name).write_bytes(content)
