// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <string>

#include <arrow/record_batch.h>

#include "Incoming.hh"
#include "OpenPart.hh"
#include "PartFiles.hh"
#include "Wide.hh"

namespace archive {

// Rows that an archive cannot hold as they are, with the path of the first.
struct Shortfall {
    int64_t rows = 0;
    std::string example;

    void add(std::string_view path) {
        if (rows++ == 0) example = path;
    }
};

// Writes one run.
//
// Fields, series and histograms go to part 0, which stays open to the end: the peer's loaders want the fields
// in part 0, and each series or histogram attribute in one part. Points and files fill parts one after the
// other.
class Writer {
  public:
    Writer(std::string directory, std::string stem, std::string_view project_id, std::string_view run_id,
           int64_t part_bytes);
    ~Writer();
    Writer(const Writer &) = delete;

    void write(int table, const Incoming &batch);
    void write_files(const archive_file_row *rows, int64_t count);
    // The number of parts.
    int64_t finish();

    int64_t rows() const { return rows_; }

    Shortfall steps_out_of_range;
    Shortfall nan_fields;
    Shortfall bare_nan_points;
    Shortfall times_rounded;

  private:
    struct StepInput;

    void write_fields(const Incoming &batch);
    void write_field(Wide &wide, std::string_view path, int64_t row, Kind kind,
                     const struct FieldInput &input);
    void write_points(const Incoming &batch);
    void write_series(const Incoming &batch);
    void write_histograms(const Incoming &batch);

    // Begins a row of a step table in `wide`; false when its step cannot be stored.
    bool begin(Wide &wide, StepInput &input, int64_t row, Kind kind);
    void added(Wide &wide);
    void flush_anchored();
    void flush_rolling();
    OpenPart &open(std::unique_ptr<OpenPart> &part, int64_t number);

    PartFiles files_;
    std::string project_id_;
    std::string run_id_;
    int64_t part_bytes_;
    Names paths_;
    Wide anchored_;                      // rows for part 0
    Wide rolling_;                       // rows for the part being filled
    std::unique_ptr<OpenPart> first_;    // part 0
    std::unique_ptr<OpenPart> current_;  // the part being filled, when that is not part 0
    int64_t current_number_ = 0;
    int64_t rows_ = 0;
    bool is_finished_ = false;
};

}  // namespace archive
