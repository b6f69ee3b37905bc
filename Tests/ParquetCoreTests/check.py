# SPDX-License-Identifier: Apache-2.0
"""Checks the archive core against pyarrow.

    python check.py LIBRARY FIXTURES

LIBRARY is the core built as a shared library against the same Arrow as pyarrow's, FIXTURES a folder of
archives that the Neptune exporter wrote. Every `test_…` is a promise.
"""

import collections
import datetime
import decimal
import math
import os
import pathlib
import sys
import tempfile
import traceback

import pyarrow as pa
import pyarrow.parquet as pq

from archive import ALL, Archive, Failed, TABLES

D = decimal.Decimal
UTC = pa.timestamp("ms", "UTC")
NUMBERS = pa.list_(pa.float64())
SCHEMA = pa.schema(
    [
        ("project_id", pa.string()),
        ("run_id", pa.string()),
        ("attribute_path", pa.string()),
        ("attribute_type", pa.string()),
        ("step", pa.decimal128(18, 6)),
        ("timestamp", UTC),
        ("int_value", pa.int64()),
        ("float_value", pa.float64()),
        ("string_value", pa.string()),
        ("bool_value", pa.bool_()),
        ("datetime_value", UTC),
        ("string_set_value", pa.list_(pa.string())),
        ("file_value", pa.struct([("path", pa.string())])),
        ("histogram_value", pa.struct([("type", pa.string()), ("edges", NUMBERS), ("values", NUMBERS)])),
    ]
)
VALUE = {
    "float": "float_value",
    "int": "int_value",
    "string": "string_value",
    "bool": "bool_value",
    "datetime": "datetime_value",
    "string_set": "string_set_value",
    "float_series": "float_value",
    "string_series": "string_value",
    "histogram_series": "histogram_value",
    "file": "file_value",
    "file_series": "file_value",
    "file_set": "file_value",
    "artifact": "file_value",
}
TABLE = {
    "float_series": "points",
    "string_series": "series",
    "histogram_series": "histograms",
    "file": "files",
    "file_series": "files",
    "file_set": "files",
    "artifact": "files",
}
FIELD = {
    "float": "float",
    "int": "int",
    "string": "text",
    "bool": "bool",
    "datetime": "time",
    "string_set": "set",
}
LARGE_ROW = 9 << 20


def has_value(row):
    if row["attribute_type"] == "float_series":
        return row["float_value"] is not None or row["step"] is not None or row["timestamp"] is not None
    value = row[VALUE[row["attribute_type"]]]
    return value is not None and (
        row["attribute_type"] not in TABLE
        or TABLE[row["attribute_type"]] != "files"
        or value["path"] is not None
    )


def plain(value):
    """A value that can be compared and counted."""
    if isinstance(value, float):
        return "nan" if math.isnan(value) else value
    if isinstance(value, list):
        return tuple(plain(v) for v in value)
    if isinstance(value, dict):
        return tuple((k, plain(v)) for k, v in value.items())
    return value


def wide_rows(tables):
    """The rows with a value of wide tables, as a multiset."""
    rows = collections.Counter()
    for table in tables:
        for row in table.to_pylist():
            if has_value(row):
                rows[tuple((k, plain(v)) for k, v in row.items())] += 1
    return rows


def expected_narrow(table):
    """What the reader must give of a wide table, by pyarrow and the specification alone."""
    found = {t: collections.Counter() for t in TABLES}
    for row in table.to_pylist():
        if not has_value(row):
            continue
        kind, path = row["attribute_type"], row["attribute_path"]
        value = row[VALUE[kind]]
        target = TABLE.get(kind, "fields")
        if target == "fields":
            role = "system" if path.startswith("sys/") else "parameter"
            found[target][(path, role, FIELD[kind], plain(value))] += 1
            continue
        step = millionths = None
        if row["step"] is not None:
            step = math.floor(row["step"])
            millionths = int((row["step"] - step) * 1000000) or None
        place = (path, step, millionths, row["timestamp"])
        if target == "points":
            found[target][place + (plain(math.nan if value is None else value),)] += 1
        elif target == "series":
            found[target][place + (value,)] += 1
        elif target == "histograms":
            kind_word = {"COUNTING": "counts", "DENSITY": "densities"}.get(value["type"], value["type"])
            found[target][place + (kind_word, plain(value["edges"]), plain(value["values"]))] += 1
        else:
            found[target][place + (kind, value["path"])] += 1
    return found


def given_narrow(batches):
    found = {t: collections.Counter() for t in TABLES}
    for table, batch, _ in batches:
        for row in batch if table == "files" else batch.to_pylist():
            if table == "files":
                time = row["time_us"]
                time = None if time is None else epoch(time / 1000)
                key = (row["path"], row["step"], row["millionths"] or None, time, row["type"], row["file"])
            elif table == "fields":
                filled = [n for n in FIELD.values() if row[n] is not None]
                assert filled == [row["type"]], row
                key = (row["path"], row["role"], row["type"], plain(row[row["type"]]))
            elif table == "losses":
                key = (row["table"], row["path"], row["code"], row["rows"])
            else:
                names = {"points": ["value"], "series": ["text"], "histograms": ["kind", "edges", "values"]}[
                    table
                ]
                key = tuple(plain(row[n]) for n in ["path", "step", "millionths", "time"] + names)
            found[table][key] += 1
    return found


def epoch(milliseconds):
    return datetime.datetime.fromtimestamp(0, datetime.timezone.utc) + datetime.timedelta(
        milliseconds=milliseconds
    )


def wide(rows, schema=SCHEMA):
    return pa.Table.from_pylist([{"project_id": "w/p", "run_id": "r", **row} for row in rows], schema=schema)


def point(path, step, value, time=0):
    return {
        "attribute_path": path,
        "attribute_type": "float_series",
        "step": step,
        "timestamp": time,
        "float_value": value,
    }


def same(left, right, what=""):
    if left == right:
        return
    if isinstance(left, collections.Counter):
        left, right = left - right, right - left
    raise AssertionError(f"{what}\n  left  {str(left)[:600]}\n  right {str(right)[:600]}")


class Tests:
    def __init__(self, library, fixtures, folder):
        self.archive, self.folder = Archive(library), folder
        self.parts = sorted(pathlib.Path(fixtures).rglob("*.parquet"))
        assert self.parts, "no fixtures"

    def file(self, table, **options):
        path = self.folder / "made.parquet"
        pq.write_table(table, path, **options)
        return path

    def read(self, path, **options):
        return given_narrow(self.archive.read(path, **options))

    def test_reads_every_fixture_as_pyarrow_does(self):
        for part in self.parts:
            same(self.read(part), expected_narrow(pq.read_table(part)), part)

    def test_scan_counts_rows_and_values_exactly(self):
        for part in self.parts:
            table = pq.read_table(part)
            rows, values = collections.Counter(), collections.Counter()
            for row in table.to_pylist():
                key = (row["attribute_type"], row["attribute_path"])
                rows[key] += 1
                values[key] += has_value(row)
            scan = self.archive.scan(part)
            same(scan["entries"], {key: (rows[key], values[key]) for key in rows}, part)
            same(list(scan["entries"]), list(rows), f"order in {part}")
            ids = [(scan["project"], scan["run"], scan["projects"], scan["runs"])]
            same(ids, [(table["project_id"][0].as_py(), table["run_id"][0].as_py(), 1, 1)])
            for row in table.to_pylist():
                path, value = row["attribute_path"], row.get(VALUE[row["attribute_type"]])
                if path in scan["system"] and value is not None:
                    found = scan["system"][path]
                    same(epoch(found) if isinstance(value, datetime.datetime) else found, value, path)

    def test_counts_agree_with_the_scan(self):
        for part in self.parts:
            counts = {}
            list(self.archive.read(part, counts=counts))
            scan = self.archive.scan(part)
            padding = sum(rows - values for rows, values in scan["entries"].values())
            same(sum(c[1] for c in counts.values()), padding, part)
            same(sum(c[0] for c in counts.values()) + padding, scan["rows"], part)

    def test_round_trip_keeps_every_row_of_every_fixture(self):
        for part in self.parts:
            scan = self.archive.scan(part)
            writer = self.archive.writer(self.folder, "copy", scan["project"], scan["run"])
            given = 0
            for table, batch, _ in self.archive.read(part):
                writer.write(table, batch)
                given += len(batch)
            same(writer.finish(), (1, given))
            writer.free()
            copy = self.folder / "copy_part_0.parquet"
            same(wide_rows([pq.read_table(copy)]), wide_rows([pq.read_table(part)]), part)
            assert os.listdir(self.folder) == [copy.name], os.listdir(self.folder)
            copy.unlink()

    def test_written_files_have_the_peers_shape(self):
        part = max(self.parts, key=lambda p: p.stat().st_size)
        writer = self.archive.writer(self.folder, "shape", "w/p", "r")
        for table, batch, _ in self.archive.read(part):
            writer.write(table, batch)
        writer.finish()
        writer.free()
        ours, peers = pq.ParquetFile(self.folder / "shape_part_0.parquet"), pq.ParquetFile(part)
        same(ours.schema_arrow.remove_metadata(), peers.schema_arrow.remove_metadata())
        same(str(ours.schema).splitlines()[1:], str(peers.schema).splitlines()[1:])
        same(ours.metadata.format_version, peers.metadata.format_version)
        assert b"ARROW:schema" in ours.metadata.metadata
        for group in range(ours.metadata.num_row_groups):
            for column in range(ours.metadata.num_columns):
                chunk, model = (
                    f.metadata.row_group(g).column(column) for f, g in ((ours, group), (peers, 0))
                )
                same(chunk.compression, model.compression)
                same(set(chunk.encodings), set(model.encodings), chunk.path_in_schema)
                same(chunk.is_stats_set, model.is_stats_set)
                same(
                    (chunk.has_offset_index, chunk.has_column_index),
                    (model.has_offset_index, model.has_column_index),
                )

    def many(self):
        """Rows of all tables, long enough for several batches, in several row groups, with rows of 3 MB."""
        rows = []
        for i in range(150000):
            rows.append(point(f"metrics/{i % 7}", D(i) / 8, float(i), i))
            if i % 3 == 0:
                rows.append(
                    {
                        "attribute_path": f"log/{i % 5}",
                        "attribute_type": "string_series",
                        "step": D(i),
                        "timestamp": i,
                        "string_value": f"line {i} " * 20,
                    }
                )
            if i % 1000 == 0:
                rows.append(
                    {
                        "attribute_path": f"p/{i}",
                        "attribute_type": "string",
                        "string_value": "x" * (3 << 20) if i % 30000 == 0 else "é",
                    }
                )
                rows.append(
                    {
                        "attribute_path": "f",
                        "attribute_type": "file_series",
                        "step": D(i),
                        "timestamp": i,
                        "file_value": {"path": f"r/f/{i}"},
                    }
                )
                rows.append(
                    {
                        "attribute_path": "s",
                        "attribute_type": "string_set",
                        "string_set_value": [] if i % 7000 == 0 else [f"t{i}", "ü"],
                    }
                )
                rows.append(
                    {
                        "attribute_path": "h",
                        "attribute_type": "histogram_series",
                        "step": D(i),
                        "timestamp": i,
                        "histogram_value": {
                            "type": "COUNTING",
                            "edges": [0.0, 1.0, float(i)],
                            "values": [1.0, 2.0],
                        },
                    }
                )
                rows.append({"attribute_path": "odd", "attribute_type": "no such type"})
                rows.append({"attribute_path": None, "attribute_type": "int", "int_value": 1})
        return rows

    def test_batches_are_bounded_and_resume_anywhere(self):
        path = self.file(wide(self.many()), row_group_size=40000)
        whole = list(self.archive.read(path))
        assert len(whole) > 20
        for table, batch, _ in whole:
            assert len(batch) <= 65536
            if table != "files":
                size = sum(b.size for column in batch.columns for b in column.buffers() if b)
                assert size <= LARGE_ROW, (table, size)
        for i, (_, _, position) in enumerate(whole):
            rest = list(self.archive.read(path, position=position))
            same(len(rest), len(whole) - i - 1)
            for (table, batch, at), (other, again, at_again) in zip(whole[i + 1 :], rest):
                same((table, at), (other, at_again))
                assert batch == again if table == "files" else batch.equals(again)
        table = pq.read_table(path)
        expected = expected_narrow(
            table.filter(
                pa.compute.and_(
                    pa.compute.is_valid(table["attribute_path"]),
                    pa.compute.not_equal(table["attribute_type"], "no such type"),
                )
            )
        )
        given = given_narrow(whole)
        lost = collections.Counter()
        for (_, name, code, rows), count in given["losses"].items():
            lost[(name, code)] += rows * count
        same(lost, collections.Counter({("odd", "type.unknown"): 150, ("", "row.unnamed"): 150}))
        for name in TABLES[:-1]:
            same(given[name], expected[name], name)

    def test_projection_gives_the_tables_asked_for(self):
        path = self.file(wide(self.many()), row_group_size=40000)
        everything = self.read(path)
        for bit, name in enumerate(TABLES):
            found = self.read(path, tables=1 << bit)
            for other in TABLES:
                if other == "losses":
                    continue
                same(
                    found[other], everything[other] if other == name else collections.Counter(), (name, other)
                )
            same(sum(k[3] for k in found["losses"]), 300 if name == "losses" else 0)

    def test_nan_is_told_from_padding(self):
        rows = [
            point("a", D(1), math.nan),
            point("a", D(2), None),
            point("a", None, None, 5),
            point("a", None, 1.5, None),
            {"attribute_path": "a", "attribute_type": "float_series"},
            {"attribute_path": "p", "attribute_type": "float"},
        ]
        path = self.file(wide(rows))
        given = self.read(path)["points"]
        same(sum(1 for k in given.elements() if k[4] == "nan"), 3)
        same(sum(given.values()), 4)
        same(self.archive.scan(path)["entries"], {("float_series", "a"): (5, 4), ("float", "p"): (1, 0)})

    def test_steps_of_any_shape(self):
        shapes = [
            (
                pa.decimal128(18, 6),
                [D("2.5"), D("-0.25"), D("-3"), D("999999999999.999999"), None, D("0.000001")],
            ),
            (pa.decimal128(9, 2), [D("2.5"), D("-0.25"), D("-3")]),
            (pa.decimal128(5, 0), [D(7), D(-7)]),
            (pa.decimal128(38, 10), [D("12345678901234567.5"), D("-0.0000010000")]),
            (pa.decimal256(60, 6), [D("1.5"), D("-1.5")]),
            (pa.int64(), [5, -5, 2**62]),
            (pa.int32(), [5, -5]),
            (pa.uint32(), [2**32 - 1]),
            (pa.float64(), [0.1, -0.1, 2.5, 1e15, 123456.789012]),
            (pa.float32(), [0.5, 3.0]),
        ]
        for kind, values in shapes:
            schema = SCHEMA.set(4, pa.field("step", kind))
            for integers in (False, True):
                path = self.file(
                    wide([point("a", v, 1.0) for v in values], schema), store_decimal_as_integer=integers
                )
                given = collections.Counter()
                for table, batch, _ in self.archive.read(path):
                    assert table == "points", batch.to_pylist()
                    for row in batch.to_pylist():
                        step = row["step"]
                        given[None if step is None else D(step) + D(row["millionths"] or 0) / 1000000] += 1
                        assert row["millionths"] is None or 1 <= row["millionths"] <= 999999
                same(
                    given,
                    collections.Counter(
                        None if v is None else D(repr(v) if isinstance(v, float) else v) for v in values
                    ),
                    kind,
                )

    def test_steps_that_do_not_fit_are_losses(self):
        for kind, value in (
            (pa.decimal128(18, 9), D("0.000000001")),
            (pa.float64(), 1e-9),
            (pa.float64(), math.inf),
            (pa.float64(), 1e300),
            (pa.uint64(), 2**64 - 1),
            (pa.decimal256(60, 0), D(10) ** 40),
        ):
            path = self.file(wide([point("a", value, 1.0)], SCHEMA.set(4, pa.field("step", kind))))
            same(
                self.read(path)["losses"],
                collections.Counter({("points/1", "a", "step.unreadable", 1): 1}),
                kind,
            )

    def test_times_of_any_unit(self):
        for unit, zone, value, expected, code in (
            ("s", "UTC", 5, 5000, None),
            ("ms", None, 5, 5, None),
            ("us", "UTC", 5000, 5, None),
            ("us", "UTC", -1, -0.001, None),
            ("ns", "UTC", 5_000_000, 5, None),
            ("ns", "UTC", -1, -0.001, "time.rounded"),
        ):
            schema = SCHEMA.set(5, pa.field("timestamp", pa.timestamp(unit, zone)))
            table = wide([point("a", D(1), 1.0)], SCHEMA).set_column(
                5, schema.field(5), pa.array([value], pa.int64()).cast(pa.timestamp(unit, zone))
            )
            path = self.file(table)
            given = self.read(path)
            same([k[3] for k in given["points"]], [epoch(expected)], unit)
            same([k[2] for k in given["losses"]], [code] if code else [])
            same(self.archive.scan(path)["naive"], zone is None)

    def test_zone_moves_step_times_and_no_others(self):
        rows = [point("a", D(i), 1.0, t) for i, t in enumerate([-5, 99, 100, 199, 200, 5000])]
        rows += [
            {"attribute_path": "d", "attribute_type": "datetime", "datetime_value": 150},
            {"attribute_path": "f", "attribute_type": "file", "timestamp": 150, "file_value": {"path": "x"}},
        ]
        given = self.read(self.file(wide(rows)), zone=[(0, 10), (100, 20), (200, -30)])
        same(
            {k[1]: k[3] for k in given["points"]}, dict(enumerate(map(epoch, [-15, 89, 80, 179, 230, 5030])))
        )
        same([k[3] for k in given["fields"]], [epoch(150)])
        same([k[3] for k in given["files"]], [epoch(130)])

    def test_few_and_extra_columns(self):
        table = wide([point("a", D(1), 2.0)]).select(
            ["attribute_path", "attribute_type", "step", "float_value"]
        )
        table = table.append_column("more", pa.array([[1, 2]]))
        path = self.file(table)
        same(self.read(path)["points"], collections.Counter({("a", 1, None, None, 2.0): 1}))
        states = self.archive.scan(path)["columns"]
        same((states["step"], states["run_id"], states["more"]), (0, 1, 3))

    def test_foreign_column_types(self):
        schema = pa.schema(
            [
                ("attribute_path", pa.large_string()),
                ("attribute_type", pa.dictionary(pa.int8(), pa.string())),
                ("float_value", pa.float32()),
                ("int_value", pa.int16()),
                ("string_value", pa.string_view()),
                ("bool_value", pa.int8()),
                ("string_set_value", pa.large_list(pa.large_string())),
            ]
        )
        rows = [
            ("f", "float", {"float_value": 0.5}),
            ("i", "int", {"int_value": -3}),
            ("s", "string", {"string_value": "é"}),
            ("b", "bool", {"bool_value": 1}),
            ("t", "string_set", {"string_set_value": ["x", "y"]}),
        ]
        path = self.file(
            pa.Table.from_pylist(
                [{"attribute_path": p, "attribute_type": t, **v} for p, t, v in rows], schema=schema
            )
        )
        given = self.read(path)
        same(
            given["fields"],
            collections.Counter(
                {
                    ("f", "parameter", "float", 0.5): 1,
                    ("i", "parameter", "int", -3): 1,
                    ("s", "parameter", "text", "é"): 1,
                    ("t", "parameter", "set", ("x", "y")): 1,
                }
            ),
        )
        same(given["losses"], collections.Counter({("fields/1", "b", "value.unreadable", 1): 1}))
        same(self.archive.scan(path)["columns"]["bool_value"], 2)

    def test_any_encoding_and_page_version(self):
        table = wide(self.many()[:20000])
        expected = None
        for options in (
            {},
            {"use_dictionary": False},
            {"data_page_version": "2.0"},
            {"compression": "zstd"},
            {"data_page_size": 1000},
            {"dictionary_pagesize_limit": 100},
            {
                "use_dictionary": False,
                "column_encoding": {
                    "string_value": "DELTA_LENGTH_BYTE_ARRAY",
                    "attribute_path": "DELTA_BYTE_ARRAY",
                    "timestamp": "DELTA_BINARY_PACKED",
                    "float_value": "BYTE_STREAM_SPLIT",
                },
            },
        ):
            path = self.file(table, **options)
            found = self.read(path)
            expected = expected or found
            same(found, expected, options)
            same(self.archive.scan(path)["rows"], table.num_rows)

    def test_bytes_that_are_no_text_are_repaired_and_told(self):
        binary = pa.schema(
            [("attribute_path", pa.binary()), ("attribute_type", pa.string()), ("string_value", pa.binary())]
        )
        path = self.file(
            pa.Table.from_pylist(
                [
                    {"attribute_path": b"a\xff", "attribute_type": "string", "string_value": b"ok"},
                    {
                        "attribute_path": b"b",
                        "attribute_type": "string",
                        "string_value": b"\xed\xa0\x80x\xc3",
                    },
                ],
                schema=binary,
            )
        )
        given = self.read(path)
        same(
            given["fields"],
            collections.Counter(
                {("a�", "parameter", "text", "ok"): 1, ("b", "parameter", "text", "���x�"): 1}
            ),
        )
        same(
            given["losses"],
            collections.Counter(
                {("fields/1", "a�", "text.invalid", 1): 1, ("fields/1", "b", "text.invalid", 1): 1}
            ),
        )

    def test_a_value_in_the_wrong_column_is_a_loss(self):
        path = self.file(
            wide(
                [
                    {"attribute_path": "a", "attribute_type": "int", "float_value": 1.0},
                    {"attribute_path": "b", "attribute_type": "file", "string_value": "x"},
                ]
            )
        )
        same(
            self.read(path)["losses"],
            collections.Counter(
                {("fields/1", "a", "value.unreadable", 1): 1, ("files/1", "b", "value.unreadable", 1): 1}
            ),
        )

    def test_mixed_ids_are_told(self):
        table = pa.concat_tables(
            [wide([point("a", D(1), 1.0)]), wide([{**point("a", D(1), 1.0), "run_id": "other"}])]
        )
        for size in (1, 2):
            scan = self.archive.scan(self.file(table, row_group_size=size))
            same((scan["projects"], scan["runs"], scan["run"]), (1, 2, "r"))

    def test_errors_are_clean(self):
        cases = [(self.folder / "absent.parquet", 2), (self.folder, 2)]
        for name, content in (("empty", b""), ("short", b"PAR1"), ("text", b"no parquet" * 100)):
            (self.folder / name).write_bytes(content)
            cases.append((self.folder / name, 3))
        whole = self.parts[0].read_bytes()
        (self.folder / "cut").write_bytes(whole[: len(whole) // 2])
        cases.append((self.folder / "cut", 3))
        strangers = {
            "other": ({"x": [1]}, 3),
            "odd": ({"attribute_path": ["a"], "attribute_type": ["int"], "step": ["x"]}, 5),
        }
        for name, (columns, code) in strangers.items():
            pq.write_table(pa.table(columns), self.folder / name)
            cases.append((self.folder / name, code))
        for path, code in cases:
            for call in (self.archive.scan, lambda p: list(self.archive.read(p))):
                try:
                    call(path)
                except Failed as failure:
                    same(failure.code, code, (path, str(failure)))
                    assert str(path) in str(failure)
                else:
                    raise AssertionError(f"{path} was read")
        for position in ((0, 10**9, 0), (99, 0, 0), (-1, 0, 0), (0, 0, 9)):
            try:
                list(self.archive.read(self.parts[0], position=position))
            except Failed as failure:
                same(failure.code, 3, position)
            else:
                raise AssertionError(f"{position} was accepted")

    def points_batch(self, count, attributes=10, **columns):
        data = {
            "path": pa.array([f"m/{i % attributes}" for i in range(count)]).dictionary_encode(),
            "step": pa.array(range(count), pa.int64()),
            "time": pa.array(range(count), pa.int64()).cast(UTC),
            "value": pa.array([i * 0.37 for i in range(count)]),
        }
        data.update(columns)
        return pa.RecordBatch.from_pydict(data)

    def test_parts_roll_and_series_stay_in_one(self):
        writer = self.archive.writer(self.folder, "big", "w/p", "r", part_bytes=300_000)
        text = pa.array([f"some line {i}" for i in range(5000)])
        expected = collections.Counter()
        for turn in range(40):
            steps = pa.array(range(turn * 60000, turn * 60000 + 60000), pa.int64())
            writer.write("points", self.points_batch(60000, step=steps))
            writer.write(
                "series",
                pa.RecordBatch.from_pydict(
                    {
                        "path": pa.array(["log"] * 5000),
                        "step": pa.array(range(5000), pa.int64()),
                        "text": text,
                    }
                ),
            )
            writer.write(
                "fields",
                pa.RecordBatch.from_pydict(
                    {"path": [f"late/{turn}"], "role": ["parameter"], "type": ["int"], "int": [turn]}
                ),
            )
        parts, rows = writer.finish()
        writer.free()
        same(rows, 40 * 65001)
        assert parts > 3, parts
        names = {f"big_part_{i}.parquet" for i in range(parts)}
        same({n for n in os.listdir(self.folder) if n.startswith("big")}, names)
        held = collections.defaultdict(set)
        for number in range(parts):
            table = pq.read_table(
                self.folder / f"big_part_{number}.parquet", columns=["attribute_type", "step"]
            )
            for entry in table["attribute_type"].value_counts().to_pylist():
                held[entry["values"]].add(number)
                expected[entry["values"]] += entry["counts"]
        same(held["string_series"], {0})
        same(held["int"], {0})
        same(expected, collections.Counter(float_series=2400000, string_series=200000, int=40))
        # A smaller run in its place leaves nothing of the larger.
        writer = self.archive.writer(self.folder, "big", "w/p", "r")
        writer.write("points", self.points_batch(10))
        assert (self.folder / "big_part_3.parquet").exists(), (
            "the complete run must stand until the new one does"
        )
        same(writer.finish(), (1, 10))
        writer.free()
        same([n for n in os.listdir(self.folder) if n.startswith("big")], ["big_part_0.parquet"])

    def test_small_batches_share_row_groups(self):
        writer = self.archive.writer(self.folder, "tiny", "w/p", "r")
        for _ in range(3000):
            writer.write("points", self.points_batch(20))
        writer.finish()
        writer.free()
        same(pq.read_metadata(self.folder / "tiny_part_0.parquet").num_row_groups, 1)

    def test_abandoned_writers_leave_nothing(self):
        before = set(os.listdir(self.folder))
        writer = self.archive.writer(self.folder, "gone", "w/p", "r", part_bytes=1000)
        for _ in range(10):
            writer.write("points", self.points_batch(60000))
        assert any(n.startswith("gone_part_") for n in os.listdir(self.folder))
        writer.free()
        same(set(os.listdir(self.folder)), before)

    def test_leftovers_of_a_killed_writer_are_removed(self):
        for name in (
            "left_part_0.parquet.tmp",
            "left_part_7.parquet.tmp",
            "left_part_x.parquet.tmp",
            "left_part_1_part_0.parquet.tmp",
        ):
            (self.folder / name).write_bytes(b"x")
        self.archive.writer(self.folder, "left", "w/p", "r").free()
        same(
            {n for n in os.listdir(self.folder) if n.startswith("left")},
            {"left_part_x.parquet.tmp", "left_part_1_part_0.parquet.tmp"},
        )

    def test_what_an_archive_cannot_hold_is_counted(self):
        writer = self.archive.writer(self.folder, "loss", "w/p", "r")
        writer.write(
            "points",
            pa.RecordBatch.from_pydict(
                {
                    "path": ["ok", "low", "high", "nan", "bare"],
                    "step": pa.array([-(10**12), -(10**12), 10**12, 1, None], pa.int64()),
                    "millionths": pa.array([1, None, None, None, None], pa.int32()),
                    "time": pa.array([1500, 1500, 1500, 2000, None], pa.int64()).cast(
                        pa.timestamp("us", "UTC")
                    ),
                    "value": [1.0, 1.0, 1.0, math.nan, math.nan],
                }
            ),
        )
        writer.write(
            "fields",
            pa.RecordBatch.from_pydict(
                {"path": ["f"], "role": ["parameter"], "type": ["float"], "float": [math.nan]}
            ),
        )
        same(writer.finish(), (1, 4))
        same(
            writer.losses(),
            {"steps": (2, "low"), "nan": (1, "f"), "bare_nan": (1, "bare"), "times": (1, "ok")},
        )
        writer.free()
        rows = pq.read_table(self.folder / "loss_part_0.parquet").to_pylist()
        by_path = {r["attribute_path"]: r for r in rows}
        same(by_path["ok"]["step"], D("-999999999999.999999"))
        same((by_path["nan"]["float_value"], by_path["nan"]["step"]), (None, D(1)))

    def test_broken_batches_spoil_the_run(self):
        good = self.points_batch(3)
        cases = [
            ("points", good.drop_columns(["value"])),
            ("points", good.drop_columns(["path"])),
            ("points", self.points_batch(1, value=pa.array([None], pa.float64()))),
            ("points", self.points_batch(1, step=pa.array(["x"]))),
            ("points", self.points_batch(1, millionths=pa.array([1000000], pa.int32()))),
            ("losses", good),
            ("histograms", good),
            ("fields", pa.RecordBatch.from_pydict({"path": ["a"], "role": ["x"], "type": ["odd"]})),
            ("fields", pa.RecordBatch.from_pydict({"path": ["a"], "role": ["x"], "type": ["int"]})),
        ]
        for table, batch in cases:
            writer = self.archive.writer(self.folder, "bad", "w/p", "r")
            writer.write("points", self.points_batch(5))
            for call in (
                lambda: writer.write(table, batch),
                lambda: writer.write("points", good),
                writer.finish,
            ):
                try:
                    call()
                except Failed:
                    pass
                else:
                    raise AssertionError(f"accepted: {table} {batch.schema}")
            writer.free()
            assert not any(n.startswith("bad") for n in os.listdir(self.folder))

    def test_an_empty_run_leaves_no_file(self):
        writer = self.archive.writer(self.folder, "none", "w/p", "r")
        same(writer.finish(), (0, 0))
        writer.free()
        assert not any(n.startswith("none") for n in os.listdir(self.folder))

    def test_many_paths_fall_out_of_the_dictionary(self):
        writer = self.archive.writer(self.folder, "paths", "w/p", "r")
        names = [f"a/rather/long/name/of/an/attribute/{i}" for i in range(60000)]
        for turn in range(3):
            writer.write(
                "points",
                pa.RecordBatch.from_pydict(
                    {
                        "path": names,
                        "step": pa.array([turn] * 60000, pa.int64()),
                        "value": [float(turn)] * 60000,
                    }
                ),
            )
        writer.finish()
        writer.free()
        path = self.folder / "paths_part_0.parquet"
        counted = collections.Counter(
            pq.read_table(path, columns=["attribute_path"])["attribute_path"].to_pylist()
        )
        same(counted, collections.Counter({n: 3 for n in names}))
        same({k[1]: v for k, v in self.archive.scan(path)["entries"].items()}, {n: (3, 3) for n in names})


def main():
    failed = 0
    for name in [n for n in dir(Tests) if n.startswith("test_")]:
        with tempfile.TemporaryDirectory() as folder:
            try:
                getattr(Tests(sys.argv[1], sys.argv[2], pathlib.Path(folder)), name)()
                print("ok    ", name)
            except Exception:
                failed += 1
                print("FAILED", name)
                traceback.print_exc(limit=-3)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
