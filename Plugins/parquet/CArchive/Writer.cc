// SPDX-License-Identifier: Apache-2.0
#include "Writer.hh"

#include <cmath>

#include <unistd.h>

#include "Steps.hh"
#include "Text.hh"

namespace archive {

// The limit after which the peer begins the next part.
static constexpr int64_t peer_part_bytes = 52'428'800;

Writer::Writer(std::string directory, std::string stem, std::string_view project_id, std::string_view run_id,
               int64_t part_bytes)
    : files_(std::move(directory), std::move(stem)),
      project_id_(project_id),
      run_id_(run_id),
      part_bytes_(part_bytes > 0 ? part_bytes : peer_part_bytes) {
    files_.remove_unfinished();
}

Writer::~Writer() {
    if (is_finished_) return;
    for (int64_t number = 0; number <= current_number_; ++number) ::unlink(files_.unfinished(number).c_str());
}

struct Writer::StepInput {
    explicit StepInput(const Incoming &batch)
        : path(batch, "path"), step(batch, "step"), millionths(batch, "millionths"), time(batch, "time") {}

    TextInput path;
    NumberInput<arrow::Int64Array> step;
    NumberInput<arrow::Int32Array> millionths;
    TimeInput time;
};

void Writer::write(int table, const Incoming &batch) {
    switch (table) {
    case ARCHIVE_FIELDS: return write_fields(batch);
    case ARCHIVE_POINTS: return write_points(batch);
    case ARCHIVE_SERIES: return write_series(batch);
    case ARCHIVE_HISTOGRAMS: return write_histograms(batch);
    default: throw Failure(ARCHIVE_INVALID_STATE, "a table that is not written as a batch");
    }
}

bool Writer::begin(Wide &wide, StepInput &input, int64_t row, Kind kind) {
    int32_t path = input.path.number(row, paths_);
    const std::string &text = paths_[path].text;
    std::optional<int64_t> step;
    if (!input.step.is_null(row)) {
        int32_t millionths = input.millionths.is_null(row) ? 0 : input.millionths.at(row);
        if (millionths < 0 || millionths > 999'999) {
            throw Failure(ARCHIVE_INVALID_DATA, "millionths are out of range");
        }
        step = stored_step(input.step.at(row), millionths);
        if (!step.has_value()) {
            steps_out_of_range.add(text);
            return false;
        }
    }
    wide.begin(path, text, kind);
    if (step.has_value()) wide.set_step(*step);
    if (!input.time.is_null(row)) {
        bool is_rounded = false;
        wide.set_time(input.time.milliseconds(row, &is_rounded));
        if (is_rounded) times_rounded.add(text);
    }
    return true;
}

void Writer::write_points(const Incoming &batch) {
    StepInput input(batch);
    NumberInput<arrow::DoubleArray> value(batch, "value");
    for (int64_t row = 0; row < batch.length(); ++row) {
        double number = value.at(row);
        if (!begin(rolling_, input, row, Kind::FloatSeries)) continue;
        if (!std::isnan(number)) {
            rolling_.set_float(number);
        } else if (input.step.is_null(row) && input.time.is_null(row)) {
            bare_nan_points.add(input.path.at(row));
        }
        added(rolling_);
    }
}

void Writer::write_series(const Incoming &batch) {
    StepInput input(batch);
    TextInput text(batch, "text");
    for (int64_t row = 0; row < batch.length(); ++row) {
        std::string_view value = text.at(row);
        if (!begin(anchored_, input, row, Kind::StringSeries)) continue;
        anchored_.set_string(value);
        added(anchored_);
    }
}

void Writer::write_histograms(const Incoming &batch) {
    StepInput input(batch);
    TextInput kinds(batch, "kind");
    ListInput<arrow::DoubleArray> edges(batch, "edges");
    ListInput<arrow::DoubleArray> values(batch, "values");
    for (int64_t row = 0; row < batch.length(); ++row) {
        std::string_view kind = kinds.at(row);
        if (edges.is_null(row) || values.is_null(row)) {
            throw Failure(ARCHIVE_INVALID_DATA, "a histogram has no edges or no values");
        }
        if (!begin(anchored_, input, row, Kind::HistogramSeries)) continue;
        if (kind == "counts") kind = "COUNTING";
        if (kind == "densities") kind = "DENSITY";
        anchored_.set_histogram(
            kind, edges.items().raw_values() + edges.begin(row), edges.end(row) - edges.begin(row),
            values.items().raw_values() + values.begin(row), values.end(row) - values.begin(row));
        added(anchored_);
    }
}

void Writer::write_files(const archive_file_row *rows, int64_t count) {
    for (int64_t i = 0; i < count; ++i) {
        const archive_file_row &row = rows[i];
        Kind kind = kind_named(as_view(row.type));
        if (table_of(kind) != ARCHIVE_FILES) throw Failure(ARCHIVE_INVALID_DATA, "not a type of file");
        std::string_view text = as_view(row.path);
        auto step = stored_step(row.step, row.millionths);
        if (row.has_step && !step.has_value()) {
            steps_out_of_range.add(text);
            continue;
        }
        rolling_.begin(paths_.number(text), text, kind);
        if (row.has_step) rolling_.set_step(*step);
        if (row.has_time) {
            bool is_rounded = false;
            rolling_.set_time(milliseconds_of(row.time_us, &is_rounded));
            if (is_rounded) times_rounded.add(text);
        }
        rolling_.set_file(as_view(row.file));
        added(rolling_);
    }
}

void Writer::added(Wide &wide) {
    ++rows_;
    if (!wide.is_full()) return;
    &wide == &anchored_ ? flush_anchored() : flush_rolling();
}

OpenPart &Writer::open(std::unique_ptr<OpenPart> &part, int64_t number) {
    if (part == nullptr) part = std::make_unique<OpenPart>(files_.unfinished(number));
    return *part;
}

void Writer::flush_anchored() {
    if (anchored_.length() == 0) return;
    open(first_, 0).write_group(anchored_.take(project_id_, run_id_));
}

void Writer::flush_rolling() {
    if (rolling_.length() == 0) return;
    auto &part = current_number_ == 0 ? first_ : current_;
    if (open(part, current_number_).bytes() > part_bytes_) {
        if (current_ != nullptr) current_->close();
        ++current_number_;
        current_ = std::make_unique<OpenPart>(files_.unfinished(current_number_));
    }
    open(current_number_ == 0 ? first_ : current_, current_number_)
        .write_group(rolling_.take(project_id_, run_id_));
}

int64_t Writer::finish() {
    flush_anchored();
    flush_rolling();
    if (current_ != nullptr) current_->close();
    if (first_ != nullptr) first_->close();
    int64_t count = first_ == nullptr ? 0 : current_number_ + 1;
    files_.publish(count);
    is_finished_ = true;
    return count;
}

}  // namespace archive
