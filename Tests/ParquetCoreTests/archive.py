# SPDX-License-Identifier: Apache-2.0
"""archive.h for Python, so that pyarrow can judge it. Needs only pyarrow."""

import ctypes as c

import pyarrow as pa
from pyarrow.cffi import ffi

TABLES = ["fields", "points", "series", "histograms", "files", "losses"]
ALL = 0x3F


class Text(c.Structure):
    _fields_ = [("data", c.c_void_p), ("size", c.c_int64)]

    @staticmethod
    def of(text):
        raw = text.encode()
        result = Text(c.cast(c.c_char_p(raw), c.c_void_p), len(raw))
        result.owner = raw
        return result

    def __str__(self):
        return "" if not self.data else c.string_at(self.data, self.size).decode()


class Error(c.Structure):
    _fields_ = [("code", c.c_int32), ("errno", c.c_int32), ("message", c.c_char * 1016)]


class Failed(Exception):
    def __init__(self, error):
        super().__init__(error.message.decode())
        self.code, self.errno = error.code, error.errno


class Entry(c.Structure):
    _fields_ = [
        ("path", Text),
        ("type", Text),
        ("table", c.c_int32),
        ("rows", c.c_int64),
        ("values", c.c_int64),
    ]


class Column(c.Structure):
    _fields_ = [("name", Text), ("found", Text), ("state", c.c_int32)]


class System(c.Structure):
    _fields_ = [
        ("path", Text),
        ("kind", c.c_int32),
        ("text", Text),
        ("number", c.c_double),
        ("time_ms", c.c_int64),
        ("truth", c.c_int32),
    ]


class Summary(c.Structure):
    _fields_ = [
        ("project_id", Text),
        ("run_id", Text),
        ("project_ids", c.c_int64),
        ("run_ids", c.c_int64),
        ("rows", c.c_int64),
        ("unnamed_rows", c.c_int64),
        ("row_groups", c.c_int32),
        ("naive_times", c.c_int32),
        ("entries", c.POINTER(Entry)),
        ("entry_count", c.c_int64),
        ("columns", c.POINTER(Column)),
        ("column_count", c.c_int64),
        ("system", c.POINTER(System)),
        ("system_count", c.c_int64),
    ]


class Position(c.Structure):
    _fields_ = [("row_group", c.c_int64), ("row", c.c_int64), ("batch", c.c_int64)]


class ReadOptions(c.Structure):
    _fields_ = [
        ("tables", c.c_uint32),
        ("local_from_ms", c.POINTER(c.c_int64)),
        ("offset_ms", c.POINTER(c.c_int64)),
        ("zone_count", c.c_int64),
    ]


class FileRow(c.Structure):
    _fields_ = [
        ("type", Text),
        ("path", Text),
        ("file", Text),
        ("step", c.c_int64),
        ("time_us", c.c_int64),
        ("millionths", c.c_int32),
        ("has_step", c.c_int8),
        ("has_time", c.c_int8),
    ]


class Counts(c.Structure):
    _fields_ = [("rows", c.c_int64 * 6), ("padding", c.c_int64 * 6)]


class WriteOptions(c.Structure):
    _fields_ = [("part_bytes", c.c_int64)]


class WriteLosses(c.Structure):
    _fields_ = [(name, c.c_int64) for name in ("steps", "nan", "bare_nan", "times")] + [
        (name + "_example", Text) for name in ("steps", "nan", "bare_nan", "times")
    ]


class Archive:
    def __init__(self, library):
        self.lib = c.CDLL(library)
        self.lib.archive_scan_summary.restype = c.POINTER(Summary)
        self.lib.archive_files.restype = c.POINTER(FileRow)
        for name in ("archive_scan_summary", "archive_scan_free", "archive_close", "archive_writer_free"):
            getattr(self.lib, name).argtypes = [c.c_void_p]

    def scan(self, path):
        result, error = c.c_void_p(), Error()
        if self.lib.archive_scan(str(path).encode(), c.byref(result), c.byref(error)):
            raise Failed(error)
        s = self.lib.archive_scan_summary(result).contents
        found = {
            "project": str(s.project_id),
            "run": str(s.run_id),
            "projects": s.project_ids,
            "runs": s.run_ids,
            "rows": s.rows,
            "unnamed": s.unnamed_rows,
            "naive": bool(s.naive_times),
            "entries": {(str(e.type), str(e.path)): (e.rows, e.values) for e in s.entries[: s.entry_count]},
            "columns": {str(e.name): e.state for e in s.columns[: s.column_count]},
            "system": {
                str(e.path): [str(e.text), e.number, e.time_ms, bool(e.truth)][e.kind]
                for e in s.system[: s.system_count]
            },
        }
        self.lib.archive_scan_free(result)
        return found

    def read(self, path, tables=ALL, position=None, zone=None, counts=None):
        """Yields (table, batch or list of file rows, position after it)."""
        reader, error = c.c_void_p(), Error()
        options = ReadOptions(tables, None, None, 0)
        if zone:
            options.local_from_ms = (c.c_int64 * len(zone))(*[z[0] for z in zone])
            options.offset_ms = (c.c_int64 * len(zone))(*[z[1] for z in zone])
            options.zone_count = len(zone)
        start = Position(*position) if position else None
        if self.lib.archive_open(
            str(path).encode(),
            c.byref(options),
            c.byref(start) if start else None,
            c.byref(reader),
            c.byref(error),
        ):
            raise Failed(error)
        try:
            while True:
                schema, array = ffi.new("struct ArrowSchema*"), ffi.new("struct ArrowArray*")
                schema_at, array_at = int(ffi.cast("uintptr_t", schema)), int(ffi.cast("uintptr_t", array))
                table, after = c.c_int32(), Position()
                status = self.lib.archive_next(
                    reader,
                    c.c_void_p(schema_at),
                    c.c_void_p(array_at),
                    c.byref(table),
                    c.byref(after),
                    c.byref(error),
                )
                if status == 1:
                    break
                if status:
                    raise Failed(error)
                name = TABLES[table.value]
                if name == "files":
                    count = c.c_int64()
                    rows = self.lib.archive_files(reader, c.byref(count))
                    batch = [
                        {
                            "type": str(r.type),
                            "path": str(r.path),
                            "file": str(r.file),
                            "step": r.step if r.has_step else None,
                            "millionths": r.millionths,
                            "time_us": r.time_us if r.has_time else None,
                        }
                        for r in rows[: count.value]
                    ]
                else:
                    batch = pa.RecordBatch._import_from_c(array_at, schema_at)
                    batch.validate(full=True)
                yield name, batch, (after.row_group, after.row, after.batch)
            if counts is not None:
                found = Counts()
                self.lib.archive_reader_counts(reader, c.byref(found))
                counts.update({t: (found.rows[i], found.padding[i]) for i, t in enumerate(TABLES)})
        finally:
            self.lib.archive_close(reader)

    def writer(self, directory, stem, project, run, part_bytes=0):
        return Writer(self.lib, directory, stem, project, run, part_bytes)


class Writer:
    def __init__(self, lib, directory, stem, project, run, part_bytes):
        self.lib, self.handle, error = lib, c.c_void_p(), Error()
        lib.archive_writer_open.argtypes = [
            c.c_char_p,
            c.c_char_p,
            Text,
            Text,
            c.c_void_p,
            c.c_void_p,
            c.c_void_p,
        ]
        options = WriteOptions(part_bytes)
        if lib.archive_writer_open(
            str(directory).encode(),
            stem.encode(),
            Text.of(project),
            Text.of(run),
            c.addressof(options),
            c.addressof(self.handle),
            c.addressof(error),
        ):
            raise Failed(error)

    def _check(self, status, error):
        if status:
            raise Failed(error)

    def write(self, table, batch):
        error = Error()
        if table == "files":
            texts = [[Text.of(r[n]) for n in ("type", "path", "file")] for r in batch]
            rows = (FileRow * len(batch))(
                *[
                    FileRow(
                        *t,
                        r["step"] or 0,
                        r["time_us"] or 0,
                        r["millionths"] or 0,
                        r["step"] is not None,
                        r["time_us"] is not None,
                    )
                    for r, t in zip(batch, texts)
                ]
            )
            self._check(
                self.lib.archive_writer_files(self.handle, rows, c.c_int64(len(batch)), c.byref(error)), error
            )
            return
        schema, array = ffi.new("struct ArrowSchema*"), ffi.new("struct ArrowArray*")
        schema_at, array_at = int(ffi.cast("uintptr_t", schema)), int(ffi.cast("uintptr_t", array))
        batch._export_to_c(array_at, schema_at)
        status = self.lib.archive_writer_write(
            self.handle, TABLES.index(table), c.c_void_p(schema_at), c.c_void_p(array_at), c.byref(error)
        )
        assert array.release == ffi.NULL and schema.release == ffi.NULL, "the batch was not taken over"
        self._check(status, error)

    def finish(self):
        parts, rows, error = c.c_int64(), c.c_int64(), Error()
        self._check(
            self.lib.archive_writer_finish(self.handle, c.byref(parts), c.byref(rows), c.byref(error)), error
        )
        return parts.value, rows.value

    def losses(self):
        found = WriteLosses()
        self.lib.archive_writer_losses(self.handle, c.byref(found))
        return {
            name: (getattr(found, name), str(getattr(found, name + "_example")))
            for name in ("steps", "nan", "bare_nan", "times")
        }

    def free(self):
        self.lib.archive_writer_free(self.handle)
        self.handle = None
