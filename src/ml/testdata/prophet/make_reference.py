#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the reference set that ml's fit of Prophet's model is tested against; README.md says how to run it.

  make_reference.py FOLDER

Writes FOLDER/CASE.csv for each case: made-up history and future, and what the original says about them.
"""
import logging
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from prophet import Prophet

MASK = (1 << 64) - 1


class Noise:
    """Roughly normal draws: the sum of twelve uniforms less six, by SplitMix64."""

    def __init__(self, seed):
        self.state = seed

    def uniform(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return ((z ^ (z >> 31)) >> 11) * 2.0**-53

    def __call__(self, size):
        return np.array([sum(self.uniform() for _ in range(12)) - 6.0 for _ in range(size)])


@dataclass
class Case:
    name: str
    start: str
    step: str
    history: int
    future: int
    make: object  # (time in days, day of the epoch, noise) -> dict of columns
    options: dict = field(default_factory=dict)
    seasonalities: list = field(default_factory=list)
    regressors: list = field(default_factory=list)


def bend(days, at, change):
    return change * np.maximum(0.0, days - at)


def wave(days, period, amplitude, phase=0.0):
    return amplitude * np.sin(2.0 * np.pi * (days / period + phase))


def spikes(epoch_days, dates, heights):
    """heights[offset] on the days `offset` after each of `dates`."""
    result = np.zeros(len(epoch_days))
    for date in dates:
        first = (pd.Timestamp(date) - pd.Timestamp("1970-01-01")).days
        for offset, height in heights.items():
            result += np.where(np.floor(epoch_days) == first + offset, height, 0.0)
    return result


SALES = ["2021-03-15", "2021-09-20", "2022-03-14", "2022-09-19", "2023-03-20", "2023-09-18"]
CLOSED = ["2021-12-25", "2022-12-25", "2023-12-25"]
HOLIDAYS = pd.concat([
    pd.DataFrame({"holiday": "sale", "ds": pd.to_datetime(SALES), "lower_window": -1, "upper_window": 2}),
    pd.DataFrame({"holiday": "closed", "ds": pd.to_datetime(CLOSED), "lower_window": 0, "upper_window": 0}),
])
RELEASES = ["2023-11-20", "2023-11-24", "2023-12-01", "2023-12-08"]
RELEASE_DAYS = pd.DataFrame({"holiday": "release", "ds": pd.to_datetime(RELEASES), "prior_scale": 0.5})


def changepoints(days, epoch, noise):
    trend = 100.0 + 2.0 * days + bend(days, 6, -5.0) + bend(days, 13, 7.0) + bend(days, 19, -3.0)
    return {"y": trend + wave(days, 1.0, 15.0) + wave(days, 7.0, 6.0) + wave(days, 0.5, 5.0, 0.2) + 3.0 * noise(len(days))}


def holidays(days, epoch, noise):
    trend = 50.0 + 0.03 * days + bend(days, 300, -0.08) + bend(days, 620, 0.1)
    x = 20.0 + wave(days, 41.0, 6.0) + 3.0 * noise(len(days))
    promoted = (np.floor(epoch) % 17 < 3).astype(float)
    y = trend + wave(days, 365.25, 8.0) + wave(days, 7.0, 4.0) + 0.7 * (x - 20.0) + 5.0 * promoted
    y += spikes(epoch, SALES, {-1: 6.0, 0: 25.0, 1: 14.0, 2: 5.0}) + spikes(epoch, CLOSED, {0: -30.0})
    return {"y": y + 1.5 * noise(len(days)), "x": x, "promoted": promoted}


def logistic(days, epoch, noise):
    rate = 0.3 * days + bend(days, 16, -0.2)
    trend = 20.0 + 180.0 / (1.0 + np.exp(-(rate - 4.0)))
    return {"y": trend + wave(days, 1.0, 6.0) + wave(days, 7.0, 4.0) + 1.5 * noise(len(days)),
            "cap": np.full(len(days), 210.0), "floor": np.full(len(days), 10.0)}


def multiplicative(days, epoch, noise):
    trend = 40.0 + 6.0 * days + bend(days, 8, -9.0)
    x = (np.floor(epoch * 24.0) % 30 == 0).astype(float)
    y = trend * (1.0 + wave(days, 1.0, 0.35) + wave(days, 1.0 / 3.0, 0.1, 0.3) + 0.25 * x)
    return {"y": y + 2.0 * noise(len(days)), "x": x}


def flat(days, epoch, noise):
    y = 30.0 + wave(days, 1.0, 4.0) + wave(days, 65.0 / 1440.0, 6.0) + spikes(epoch, RELEASES, {0: 9.0})
    y = y + 1.0 * noise(len(days))
    keep = np.ones(len(days), dtype=bool)
    keep[100:160] = False
    keep[301:450:7] = False
    return {"y": np.where(keep, y, np.nan)}


def growing_capacity(days, epoch, noise):
    cap = 100.0 + 2.0 * days
    return {"y": cap / (1.0 + np.exp(-(0.12 * days + bend(days, 30, -0.15) - 2.0))) + wave(days, 7.0, 3.0) +
                 1.5 * noise(len(days)), "cap": cap}


CASES = [
    Case("changepoints", "2023-11-15", "1h", 720, 96, changepoints),
    Case("holidays", "2021-01-01", "1D", 1000, 120, holidays, {"holidays": HOLIDAYS},
         regressors=[{"name": "x"}, {"name": "promoted", "prior_scale": 5.0}]),
    Case("logistic", "2023-11-15", "1h", 960, 96, logistic, {"growth": "logistic"}),
    Case("multiplicative", "2023-11-15", "30min", 720, 96, multiplicative,
         {"seasonality_mode": "multiplicative", "changepoint_prior_scale": 0.1},
         regressors=[{"name": "x", "standardize": False}]),
    Case("flat", "2023-11-20", "13min", 700, 100, flat,
         {"growth": "flat", "holidays": RELEASE_DAYS, "weekly_seasonality": False},
         seasonalities=[{"name": "batch", "period": 65.0 / 1440.0, "fourier_order": 2, "prior_scale": 5.0}]),
    Case("growing_capacity", "2023-11-15", "6h", 360, 60, growing_capacity,
         {"growth": "logistic", "n_changepoints": 12, "changepoint_range": 0.9, "daily_seasonality": False}),
]


def run(case):
    ds = pd.date_range(case.start, periods=case.history + case.future, freq=case.step)
    epoch = (ds - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)
    epoch = np.asarray(epoch, dtype=float)
    days = epoch - epoch[0]
    frame = pd.DataFrame({"ds": ds, **case.make(days, epoch, Noise(len(case.name)))})
    frame["y"] = frame["y"].round(4)
    for column in ("x", "cap"):
        if column in frame:
            frame[column] = frame[column].round(4)
    history = frame.iloc[: case.history]
    model = Prophet(interval_width=0.9, uncertainty_samples=20000, **case.options)
    for seasonality in case.seasonalities:
        model.add_seasonality(**seasonality)
    for regressor in case.regressors:
        model.add_regressor(**regressor)
    np.random.seed(1)
    model.fit(history.copy(), seed=1)
    said = model.predict(frame.drop(columns="y").copy())
    out = pd.DataFrame({"time": (ds - pd.Timestamp("1970-01-01")) // pd.Timedelta(seconds=1), "y": frame["y"]})
    out.loc[case.history:, "y"] = np.nan
    for column in ("x", "promoted", "cap", "floor"):
        if column in frame:
            out[column] = frame[column]
    for column in ("trend", "yhat", "yhat_lower", "yhat_upper"):
        out[column] = said[column].round(4)
    return out, float(model.params["sigma_obs"][0, 0]) * model.y_scale


def main():
    logging.getLogger("cmdstanpy").setLevel(logging.ERROR)
    folder = Path(sys.argv[1])
    for case in CASES:
        out, sigma = run(case)
        out.to_csv(folder / f"{case.name}.csv", index=False, float_format="%.10g")
        print(f"{case.name}: sigma {sigma:.4f}")


if __name__ == "__main__":
    main()
