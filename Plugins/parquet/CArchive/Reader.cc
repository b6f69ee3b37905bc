// SPDX-License-Identifier: Apache-2.0
#include "Reader.hh"

namespace archive {

Reader::Reader(const std::string &path, const archive_read_options &options, archive_position from)
    : part_(path),
      options_(options),
      batch_(*part_.layout, options, paths_, types_),
      begin_(from),
      end_(from) {
    bool is_inside =
        from.row_group >= 0 && from.row_group <= part_.groups() && from.row >= 0 && from.batch >= 0;
    if (!is_inside) throw Failure(ARCHIVE_INVALID_DATA, "the position lies outside the file");
    end_.batch = 0;
    // The zone was copied; the caller's arrays may be gone after this.
    options_.local_from_ms = options_.offset_ms = nullptr;
    options_.zone_count = 0;
}

// Makes the next row's group the open one; false at the end of the file.
bool Reader::open_group() {
    while (group_ == nullptr || end_.row == group_->rows()) {
        if (group_ != nullptr) {
            group_ = nullptr;
            ++end_.row_group;
            end_.row = 0;
        }
        if (end_.row_group >= part_.groups()) return false;
        group_ = std::make_unique<Group>(part_, static_cast<int>(end_.row_group), Wanted{options_.tables},
                                         paths_, types_, end_.row);
    }
    return true;
}

// Reads rows until the batch is full or the file ends; false if there were none.
bool Reader::fill() {
    batch_.clear();
    begin_ = {end_.row_group, end_.row, 0};
    bool is_any = false;
    while (open_group()) {
        int64_t block_end = group_->load(end_.row);
        for (; end_.row < block_end; ++end_.row) {
            if (!batch_.add(*group_, end_.row)) return true;
        }
        is_any = true;
    }
    return is_any;
}

std::optional<Reader::Given> Reader::next() {
    while (given_ == tables_.size()) {
        int64_t resumed = begin_.batch;
        if (!fill()) return std::nullopt;
        tables_ = batch_.tables();
        if (resumed > static_cast<int64_t>(tables_.size())) {
            throw Failure(ARCHIVE_INVALID_DATA, "the position does not belong to this file");
        }
        for (given_ = 0; given_ < static_cast<size_t>(resumed); ++given_) {
            if (tables_[given_] != ARCHIVE_FILES) batch_.take(tables_[given_]);
        }
        if (resumed == 0) {
            for (size_t table = 0; table < ARCHIVE_TABLES; ++table) {
                counts_.padding[table] += batch_.padding[table];
            }
        }
    }
    int table = tables_[given_++];
    counts_.rows[table] += batch_.length(table);
    Given given{table, table == ARCHIVE_FILES ? nullptr : batch_.take(table), begin_};
    given.next.batch = static_cast<int64_t>(given_);
    if (given_ == tables_.size()) given.next = end_;
    return given;
}

}  // namespace archive
