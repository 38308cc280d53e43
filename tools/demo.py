#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The demo: helios and helios-agent on this machine, and a table of forecasts. Called by scripts/demo."""
import argparse
import csv
import datetime
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

BEGAN = time.monotonic()
HORIZONS = [15, 30, 60]
AGENT_INTERVAL_S = 2
MIN_SAMPLES = 12  # a forecast needs three; with a few more its interval says something
FORECAST_TIMEOUT_S = 180
RETENTION_DAYS = 30  # of raw samples on the professional plan, which the demo signs up for


class DemoError(Exception):
    """Something a person has to know; the demo ends."""


def say(text: str = "") -> None:
    print(f"[{time.monotonic() - BEGAN:3.0f} s] {text}" if text else "", flush=True)


class Api:
    """The public API, as any client would use it."""

    def __init__(self, base: str):
        self.base = base
        self.key = None

    def call(self, method: str, path: str, body=None, retries: int = 0):
        request = urllib.request.Request(self.base + path, method=method)
        request.add_header("Content-Type", "application/json")
        if self.key:
            request.add_header("X-API-Key", self.key)
        data = None if body is None else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, data, timeout=30) as answer:
                text = answer.read()
                return json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            if error.code in (429, 503) and retries > 0:
                time.sleep(float(error.headers.get("Retry-After", "1")))
                return self.call(method, path, body, retries - 1)
            raise Refused(error.code, json.loads(error.read() or b"{}")) from None


class Refused(DemoError):
    def __init__(self, status: int, problem: dict):
        super().__init__(f"the server answered {status}: {problem.get('detail', problem)}")
        self.status = status
        self.code = problem.get("code", "")


# ---- processes ---------------------------------------------------------------------------------------------------


class Program:
    """A child process with its log in a file; stopped with SIGTERM."""

    def __init__(self, name: str, command: list, log: pathlib.Path, **options):
        self.name, self.log = name, log
        with open(log, "ab") as out:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=out, **options)

    def check_alive(self) -> None:
        if self.process.poll() is None:
            return
        last = self.log.read_text(errors="replace").splitlines()[-5:]
        raise DemoError(f"{self.name} ended with {self.process.returncode}; its last words:\n  " + "\n  ".join(last))

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def free_port(wanted: int) -> int:
    """`wanted` with the operator's port above it where both are free, else two others that are."""
    for port in [wanted, *range(18080, 18980, 10)]:
        try:
            for each in (port, port + 1000):
                with socket.socket() as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind(("127.0.0.1", each))
            return port
        except OSError:
            continue
    raise DemoError("no free port on 127.0.0.1 between 18080 and 18980")


def wait_until_ready(api: Api, server: Program) -> None:
    begin = time.monotonic()
    while time.monotonic() - begin < 120:
        server.check_alive()
        try:
            with urllib.request.urlopen(api.base + "/readyz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise DemoError(f"helios was not ready within 2 minutes; see {server.log}")


# ---- signing up --------------------------------------------------------------------------------------------------


def sign_up(api: Api, home: pathlib.Path) -> dict:
    """An organization through the public API; an earlier demo's is used again while its key works."""
    kept = home / "demo.json"
    if kept.exists():
        account = json.loads(kept.read_text())
        api.key = account["api_key"]
        try:
            api.call("GET", "/api/v1/me")
            say(f"signed in again as {account['email']} of {account['slug']}")
            return account
        except Refused:
            api.key = None
    password = secrets.token_urlsafe(12)
    made = api.call(
        "POST",
        "/api/v1/organizations",
        {
            "name": "Demo",
            "plan": "professional",
            "owner": {"email": "owner@demo.example", "name": "Demo Owner", "password": password},
        },
    )
    account = {
        "email": "owner@demo.example",
        "password": password,
        "slug": made["organization"]["slug"],
        "api_key": made["api_key"]["key"],
    }
    api.key = account["api_key"]
    kept.touch(mode=0o600)
    kept.write_text(json.dumps(account))
    say(f"signed up the organization {account['slug']} through {api.base}/api/v1/organizations")
    return account


# ---- history -----------------------------------------------------------------------------------------------------


def parse_time(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        moment = datetime.datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
        return (moment if moment.tzinfo else moment.replace(tzinfo=datetime.timezone.utc)).timestamp()


def read_history(path: str) -> list:
    samples = []
    with open(path, newline="", encoding="utf-8-sig") as source:
        rows = csv.reader(source)
        header = [name.strip() for name in next(rows, [])]
        if header[:2] != ["timestamp", "value"]:
            raise DemoError(f"cannot import {path}: its header is {header}; want timestamp,value")
        for row in rows:
            if not row:
                continue
            try:
                samples.append((parse_time(row[0]), float(row[1])))
            except (ValueError, IndexError):
                raise DemoError(
                    f"cannot import {path}: line {rows.line_num} is {','.join(row)!r}; "
                    "want unix seconds or RFC 3339, then a number"
                ) from None
    if not samples:
        raise DemoError(f"cannot import {path}: it holds no sample")
    return sorted(samples)


def import_history(api: Api, path: str, metric: str) -> None:
    samples = read_history(path)
    shift = time.time() - samples[-1][0]
    oldest = time.time() - RETENTION_DAYS * 86400 + 3600
    kept = [(t + shift, v) for t, v in samples if t + shift > oldest and v == v and abs(v) != float("inf")]
    moved = datetime.timedelta(seconds=round(abs(shift)))
    say(f"importing {len(kept)} samples of {path} as {metric}, moved by {moved} so that the last one is of now")
    if len(kept) < len(samples):
        say(f"{len(samples) - len(kept)} samples are left out: not finite, or older than {RETENTION_DAYS} days once moved")
    for begin in range(0, len(kept), 5000):
        metrics = [
            {"name": metric, "value": v, "timestamp": int(t * 1000), "source": "import"}
            for t, v in kept[begin : begin + 5000]
        ]
        answer = api.call("POST", "/api/v1/ingest", {"metrics": metrics}, retries=20)
        say(f"  {begin + answer['accepted']} of {len(kept)} samples are stored")


# ---- the table ---------------------------------------------------------------------------------------------------


def human(metric: str, value: float) -> str:
    if metric.endswith("_ratio") or metric in ("cpu", "memory"):
        return f"{value * 100:.1f} %"
    if "bytes" in metric:
        for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
            if abs(value) < 1024 or unit == "TiB":
                return f"{value:.4g} {unit}" + ("/s" if metric.endswith("_per_second") else "")
            value /= 1024
    return f"{value:.4g}"


def span(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h" if seconds < 2 * 86400 else f"{seconds / 86400:.1f} d"


def series_name(series: dict, common: set) -> str:
    labels = ",".join(f"{k}={v}" for k, v in sorted(series["labels"].items()) if (k, v) not in common)
    return series["metric"] + (f"{{{labels}}}" if labels else "")


def list_series(api: Api) -> list:
    found, cursor = [], ""
    while True:
        page = api.call("GET", "/api/v1/series?limit=1000" + (f"&cursor={cursor}" if cursor else ""), retries=5)
        found += page["data"]
        cursor = page["next_cursor"]
        if not cursor:
            return found


def key_of(series: dict) -> tuple:
    return series["metric"], tuple(sorted(series["labels"].items()))


def forecast_all(api: Api, metrics: set) -> dict:
    """What can be forecast by now, by series."""
    found = {}
    for metric in sorted(metrics):
        try:
            answer = api.call("POST", "/api/v1/predict", {"metric": metric, "horizons": HORIZONS}, retries=5)
        except Refused as refused:
            if refused.status != 422:
                raise
            continue  # not enough history yet
        for prediction in answer["predictions"]:
            if prediction["history"]["samples"] >= MIN_SAMPLES:
                found[key_of(prediction)] = prediction
    return found


def last_values(api: Api, metrics: set) -> dict:
    now = datetime.datetime.now(datetime.timezone.utc)
    values = {}
    for metric in metrics:
        query = {
            "metric": metric,
            "start": (now - datetime.timedelta(minutes=30)).isoformat(),
            "end": (now + datetime.timedelta(minutes=5)).isoformat(),
        }
        for series in api.call("POST", "/api/v1/query", query, retries=5)["series"]:
            numbers = [v for _, v in series["points"] if isinstance(v, (int, float))]
            if numbers:
                values[key_of(series)] = numbers[-1]
    return values


def wait_for_forecasts(api: Api, programs: list) -> dict:
    begin = time.monotonic()
    announced = -1
    while time.monotonic() - begin < FORECAST_TIMEOUT_S:
        for program in programs:
            program.check_alive()
        series = list_series(api)
        forecasts = forecast_all(api, {each["metric"] for each in series})
        if len(forecasts) != announced or int(time.monotonic() - begin) % 10 < 2:
            announced = len(forecasts)
            say(f"{len(series)} series have arrived, {len(forecasts)} of them have a forecast")
        if series and all(key_of(each) in forecasts for each in series) and any(s["metric"] == "cpu" for s in series):
            return forecasts
        time.sleep(2)
    raise DemoError(f"not every series had a forecast within {FORECAST_TIMEOUT_S} s")


def print_table(forecasts: dict, values: dict) -> None:
    label_sets = [set(p["labels"].items()) for p in forecasts.values() if p["labels"]]
    common = set.intersection(*label_sets) if label_sets else set()
    header = ["metric", "last", *(f"in {h} min [95 %]" for h in HORIZONS), "model", "stands on"]
    rows = []
    for key, prediction in sorted(forecasts.items()):
        metric = prediction["metric"]
        row = [series_name(prediction, common), human(metric, values[key]) if key in values else "–"]
        for point in prediction["points"]:
            low, value, high = point["confidence_lower"], point["predicted_value"], point["confidence_upper"]
            row.append(f"{human(metric, value)} [{human(metric, low)}, {human(metric, high)}]")
        season = prediction["model"]["season_seconds"]
        model = prediction["model"]["model_type"] + (f", {span(season)} season" if season else "")
        history = prediction["history"]
        rows.append([*row, model, f"{history['samples']} samples, {span(history['seconds'])}"])
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    print()
    if common:
        print("every series of this machine: " + ", ".join(f"{k}={v}" for k, v in sorted(common)))
    for row in [header, ["-" * w for w in widths], *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    print()


# ---- the run -----------------------------------------------------------------------------------------------------


def default_home() -> pathlib.Path:
    if os.geteuid() == 0:
        return pathlib.Path("/var/lib/helios-demo")
    data_home = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    return pathlib.Path(data_home) / "helios-demo"


def run(options: argparse.Namespace, home: pathlib.Path, programs: list) -> None:
    if options.listen:
        listen = options.listen
    else:
        listen = f"127.0.0.1:{free_port(8080)}"
    api = Api(f"http://{listen}")
    binaries = pathlib.Path(options.bin)
    server_log = home / "helios.log"
    server = Program(
        "helios", [binaries / "helios", "serve", "--data-dir", home / "data", "--listen", listen], server_log
    )
    programs.append(server)
    say(f"starting helios on {listen}, data in {home / 'data'}, log in {server_log}")
    wait_until_ready(api, server)
    account = sign_up(api, home)
    if options.history:
        import_history(api, options.history, options.metric)

    agent_log = home / "agent.log"
    agent = Program(
        "helios-agent",
        [binaries / "helios-agent", "--endpoint", api.base, "--interval", f"{AGENT_INTERVAL_S}s",
         "--buffer-dir", home / "agent-buffer"],
        agent_log,
        env={**os.environ, "HELIOS_API_KEY": account["api_key"]},
    )
    programs.append(agent)
    say(f"started helios-agent on this machine's metrics, every {AGENT_INTERVAL_S} s; waiting for {MIN_SAMPLES} samples each")
    forecasts = wait_for_forecasts(api, programs)
    print_table(forecasts, last_values(api, {metric for metric, _ in forecasts}))
    say(f"{len(forecasts)} series have a forecast")
    if options.check:
        return
    print(
        f"""
Helios keeps running; Ctrl-C stops it.
  portal     {api.base}   (sign in with {account['email']} and {account['password']})
  API        {api.base}/api/v1   (its contract: {api.base}/api/v1/openapi.json)
  API key    {account['api_key']}
  try        curl -s {api.base}/api/v1/predict -H 'X-API-Key: {account['api_key']}' \\
               -H 'Content-Type: application/json' -d '{{"metric":"cpu"}}'
  logs       {server_log}  {agent_log}
""",
        flush=True,
    )
    while True:
        time.sleep(1)
        for program in programs:
            program.check_alive()


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument("--bin", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--check", action="store_true", help="stop once every forecast arrived; exit 0 if they did")
    parser.add_argument("--history", metavar="FILE.csv", help="real history to import first")
    parser.add_argument("--metric", metavar="NAME", help="name of the imported series")
    parser.add_argument("--data-dir", type=pathlib.Path, help="where the demo keeps everything")
    parser.add_argument("--listen", metavar="HOST:PORT", help="default 127.0.0.1:8080, or another port if that is taken")
    options = parser.parse_args()
    if bool(options.history) != bool(options.metric):
        parser.error("--history and --metric belong together")

    def interrupt(*_):
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    temporary = options.check and options.data_dir is None
    home = pathlib.Path(tempfile.mkdtemp(prefix="helios-demo-", dir="/var/tmp")) if temporary else (
        options.data_dir or default_home()
    ).absolute()
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o755)  # as root, helios serves as another user, who has to get through
    programs = []
    try:
        run(options, home, programs)
    except KeyboardInterrupt:
        say("stopping")
        return 0 if not options.check else 130
    except DemoError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    finally:
        for program in reversed(programs):
            program.stop()
        if programs:
            say("stopped what was started")
        if temporary:
            shutil.rmtree(home, ignore_errors=True)
    return 0


sys.exit(main())
